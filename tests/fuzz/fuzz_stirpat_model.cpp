// Land Carbon Toolbox: fuzz target: any bytes as a STIRPAT model file; nothing but landcarbon::Error may come out.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/stirpat_model.hpp"
#include "expect.hpp"
#include "spec/errors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto model = landcarbon::read_stirpat_model("model", "m.json",
                                                          std::string_view(reinterpret_cast<const char*>(data), size));
        expect(!model.drivers.empty(), "a model has drivers");
        const std::string text = landcarbon::stirpat_model_json(model);
        expect(landcarbon::stirpat_model_json(landcarbon::read_stirpat_model("model", "m.json", text)) == text,
               "a model's text reads back as the model");
    } catch (const landcarbon::Error& error) {
        expect(error.what()[0] != '\0', "an error has a text");
    }
    return 0;
}
