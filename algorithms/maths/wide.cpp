// Land Carbon Toolbox: running a loop over cells with the widest vectors that the processor has.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/wide.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string_view>

namespace landcarbon {
namespace {

VectorWidth widest() {
#ifdef LANDCARBON_WIDE
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("bmi2"))
        return VectorWidth::avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return VectorWidth::avx2;
#endif
    return VectorWidth::baseline;
}

VectorWidth wished() {
    const char* const wish = std::getenv("LANDCARBON_VECTORS");
    if (!wish) return widest();
    if (std::string_view(wish) == "baseline") return VectorWidth::baseline;
    if (std::string_view(wish) == "avx2") return std::min(widest(), VectorWidth::avx2);
    return widest();
}

std::atomic<VectorWidth>& chosen() {
    static std::atomic<VectorWidth> width = wished();
    return width;
}

}  // namespace

VectorWidth vector_width() { return chosen().load(std::memory_order_relaxed); }

void set_vector_width(VectorWidth width) { chosen() = std::min(width, widest()); }

}  // namespace landcarbon
