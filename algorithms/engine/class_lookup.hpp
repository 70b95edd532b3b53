// Land Carbon Toolbox: values by class (densities, factors, grades) inside kernels, and classes that a table misses.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/class_codes.hpp"
#include "engine/class_match.hpp"
#include "engine/grid.hpp"
#include "engine/table.hpp"

namespace landcarbon {

/// A value for each slot of a run's classes. Slots are given out while maps are read, so the table grows between
/// blocks: keep one copy in a reducing state (a state belongs to one thread) and ask for the table in each block.
template <class T>
class ClassLookup {
public:
    /// @param codes,values must outlive the lookup
    /// @param none stands for "no class" and for classes without a value
    ClassLookup(const ClassCodes& codes, const std::map<std::int64_t, T>& values, T none)
        : codes_(&codes), values_(&values), none_(none) {}

    /// Values by slot, for all slots that exist now. Valid until the next call.
    const std::vector<T>& by_slot() {
        const std::size_t slots = codes_->slots();
        if (by_slot_.empty()) by_slot_.push_back(none_);
        for (std::size_t slot = by_slot_.size(); slot < slots; ++slot) {
            const auto entry = values_->find(codes_->code(slot));
            by_slot_.push_back(entry == values_->end() ? none_ : entry->second);
        }
        return by_slot_;
    }

private:
    const ClassCodes* codes_;
    const std::map<std::int64_t, T>* values_;
    T none_;
    std::vector<T> by_slot_;
};

/// What the cells of a map made from values per hectare hold.
enum class CellContent { per_ha, per_cell };

/// Paints maps of a value per hectare that depends on the class only. One copy a thread, as with ClassLookup.
class ClassPainter {
public:
    /// @param values by class, per ha; must outlive the painter
    /// @param areas cell areas, which values are multiplied with for CellContent::per_cell
    ClassPainter(const ClassCodes& codes, const std::map<std::int64_t, double>& values, const CellAreas& areas,
                 CellContent unit)
        : lookup_(codes, values, 0), areas_(&areas), unit_(unit) {}

    /// The value of each cell's class; `real_nodata` for slot 0.
    void paint(const std::uint16_t* slots, const Window& window, float* cells);
    /// factor * (value of the later class - value of the earlier class); `real_nodata` where one of them is slot 0.
    void paint_difference(const std::uint16_t* earlier, const std::uint16_t* later, const Window& window, double factor,
                          float* cells);

private:
    double scale(int row) const { return unit_ == CellContent::per_cell ? areas_->row(row).hectares() : 1; }
    ClassLookup<double> lookup_;
    const CellAreas* areas_;
    CellContent unit_;
    std::vector<float> painted_;  ///< values by slot as they go into the map
};

/// @param names what maps call their classes, where rows are found by name
/// @param codes may know what is behind a class without a row, such as NoData that is not declared
/// @throws UserError always, naming the table and the classes, and what may be behind them
[[noreturn]] void reject_missing_classes(const InputTable& table, const std::vector<std::int64_t>& missing,
                                         const ClassMatcher* names = nullptr, const ClassCodes* codes = nullptr);

/// Checks that a table has a row for each class that the run's maps show, and means the same by it; call after the
/// pass.
/// @param table as ClassMatcher::fitted has given it
/// @param values what was read from the table, by class
/// @throws UserError listing all classes without a row, or all classes with another name
template <class T>
void require_rows(const InputTable& table, const std::map<std::int64_t, T>& values, const ClassCodes& codes,
                  const ClassMatcher& matcher) {
    matcher.check(table, codes);
    std::vector<std::int64_t> missing;
    for (const std::int64_t code : codes.codes())
        if (values.find(code) == values.end()) missing.push_back(code);
    if (!missing.empty()) reject_missing_classes(table, missing, &matcher, &codes);
}

}  // namespace landcarbon
