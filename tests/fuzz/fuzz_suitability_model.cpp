// Land Carbon Toolbox: fuzz target: any bytes as a model file of Suitability; nothing but landcarbon::Error may come out.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "expect.hpp"
#include "land_simulation/suitability/suitability_model.hpp"
#include "spec/errors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace landcarbon;
    try {
        const SuitabilityModel model = read_model(std::string(reinterpret_cast<const char*>(data), size), "m");
        expect(!model.drivers.empty(), "a model has drivers");
        const std::string text = write_model(model);
        expect(write_model(read_model(text, "m")) == text, "a model's text reads back as the model");
        // What can be read can be applied: no walk of a tree leaves it, no value is without a number.
        std::vector<float> cells(3 * model.drivers.size()), results(3 * model.classes.size());
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<float>(i % 3) * 1e3f - 1e3f;
        std::vector<const float*> drivers;
        std::vector<float*> outputs;
        for (std::size_t d = 0; d < model.drivers.size(); ++d) drivers.push_back(cells.data() + 3 * d);
        for (std::size_t k = 0; k < model.classes.size(); ++k) outputs.push_back(results.data() + 3 * k);
        const std::uint16_t own[3] = {0, 0, 0};
        const SuitabilityPredictor predictor(model);
        predictor(drivers.data(), own, 3, outputs.data());
        if (model.method == SuitabilityMethod::random_forest)
            for (const float result : results)
                expect(std::isnan(result) || (result >= 0 && result <= 1), "a suitability lies within 0 and 1");
    } catch (const Error& error) {
        expect(error.what()[0] != '\0', "an error has a text");
    }
    return 0;
}
