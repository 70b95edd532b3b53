// Land Carbon Toolbox: where the source lies, for tests that read files of the project.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/sandbox.hpp"

namespace landcarbon::test {

std::string source_file(const std::string& name) { return std::string(LANDCARBON_SOURCE_DIR "/") + name; }

}  // namespace landcarbon::test
