// Land Carbon Toolbox: whether bands and columns hold classes or measurements: by what they look like, or as users say.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/source.hpp"

namespace landcarbon {

class Run;

/// What something looks like by its values.
struct KindLook {
    bool continuous = false;  ///< measurements instead of classes
    std::string why;          ///< what tells: "numbers with decimals", "8 different whole numbers"
    bool doubtful = false;    ///< it might be meant otherwise
};
/// What whole numbers without names look like: a measurement where there are many different ones (an elevation in
/// metres, a population), classes where there are few.
/// @param different how many there are; @param at_least true: or more; @param observations 0: not known, many
KindLook look_of_whole_numbers(std::size_t different, bool at_least, std::size_t observations);
/// What a band looks like: floating-point numbers, classes with names or colours, or whole numbers. @throws IoError
KindLook look_of_band(const Layer& layer);

/// How messages speak of what is told apart.
struct KindWords {
    std::string one;            ///< "factor"
    std::string many;           ///< "factors": also the convention, the argument in capitals
    std::string then_one = {};  ///< ", which is divided into classes"
    std::string then_many = {};
};
/// Which hold measurements, by CONTINUOUS and CATEGORICAL: "all", "none", or positions (from 1) and names; those that
/// neither names, by what they look like. Says what each was taken for.
/// @param names of all; @param continuous,categorical as users give them
/// @throws UserError naming the entry, and the names there are
std::vector<bool> choose_continuous(const std::vector<std::string>& names, const std::string& continuous,
                                    const std::string& categorical, const std::vector<KindLook>& looks,
                                    const KindWords& words, Run& run);
/// The one that an entry names by position or name. @throws UserError
std::size_t named_by(const std::string& entry, const std::vector<std::string>& names, const std::string& parameter,
                     const KindWords& words);

}  // namespace landcarbon
