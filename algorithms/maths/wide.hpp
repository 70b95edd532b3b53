// Land Carbon Toolbox: running a loop over cells with the widest vectors that the processor has.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace landcarbon {

/// How wide the vectors are that `wide` may use.
enum class VectorWidth { baseline, avx2, avx512 };

/// The widest that this processor has; LANDCARBON_VECTORS=baseline or avx2 in the environment holds it down, so that
/// tests and benchmarks can compare. The results are the same: no width contracts, reorders or approximates.
VectorWidth vector_width();
/// For tests: uses a width from now on; one that the processor lacks is held down to what it has.
void set_vector_width(VectorWidth width);

namespace wide_detail {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define LANDCARBON_WIDE 1
// `flatten` draws all that the body calls into one function, so that it is compiled for that function's target.
template <class Body>
[[gnu::flatten, gnu::noinline,
  gnu::target("avx512f,avx512dq,avx512bw,avx512vl,avx512cd,avx2,bmi2,prefer-vector-width=512")]] void
with_avx512(const Body& body) {
    body();
}
template <class Body>
[[gnu::flatten, gnu::noinline, gnu::target("avx2,bmi2")]] void with_avx2(const Body& body) {
    body();
}
#endif
}  // namespace wide_detail

/// Calls `body`, compiled for the widest vectors there are. The body is a lambda whose loops the compiler vectorises;
/// everything that it calls must be inline, and nothing in it may throw. Compile the file as a kernel (see
/// LANDCARBON_KERNELS in algorithms/CMakeLists.txt).
template <class Body>
void wide(const Body& body) {
#ifdef LANDCARBON_WIDE
    switch (vector_width()) {
        case VectorWidth::avx512:
            return wide_detail::with_avx512(body);
        case VectorWidth::avx2:
            return wide_detail::with_avx2(body);
        case VectorWidth::baseline:
            break;
    }
#endif
    body();
}

}  // namespace landcarbon
