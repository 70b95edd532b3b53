// Land Carbon Toolbox: tests of translating bytes by a table.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/byte_lookup.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("bytes are translated alike, many at a time and one by one", "[maths][byte_lookup]") {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        ByteTable table;
        table.fill(unknown_byte);
        // From a few codes of one row to all; now and then entries that no byte can hold.
        const std::size_t known = 1 + random() % (round % 3 == 0 ? 256 : 12);
        const std::uint16_t most = round % 5 == 0 ? 3000 : 254;
        std::vector<std::uint8_t> codes;
        for (std::size_t i = 0; i < known; ++i) {
            const auto code = static_cast<std::uint8_t>(random());
            table[code] = static_cast<std::uint16_t>(random() % (most + 1u));
            codes.push_back(code);
        }
        std::vector<std::uint8_t> bytes(random() % 200);
        for (auto& byte : bytes) byte = codes[random() % codes.size()];
        const bool strange = round % 2 && !bytes.empty();
        if (strange) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        std::vector<std::uint16_t> found(bytes.size() + 1, 12345);
        std::vector<std::uint16_t> expected(bytes.size() + 1, 12345);
        bool all = true;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            expected[i] = table[bytes[i]];
            all = all && expected[i] != unknown_byte;
        }
        CHECK(look_up(table, bytes.data(), bytes.size(), found.data()) == all);
        CHECK(found == expected);
        std::vector<std::uint16_t> plain(bytes.size() + 1, 12345);
        CHECK(look_up_plain(table, bytes.data(), bytes.size(), plain.data()) == all);
        CHECK(plain == expected);
    }
}
