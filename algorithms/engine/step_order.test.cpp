// Land Carbon Toolbox: tests of orders that contradict names.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/step_order.hpp"

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("the period of a result follows the order of its inputs", "[step_order]") {
    CHECK(period_text({1990, 2005, 2020}) == "1990-2020");
    CHECK(period_text({2020, 1990}) == "2020-1990");
    CHECK(period_text({2030, 2060, 2060}) == "2030-2060");
    CHECK(period_text({2030, 2030}) == "2030");
    CHECK(period_text({1990, 2020, 2005}).empty());
    CHECK(period_text({}).empty());
}

TEST_CASE("years are found in names, and an order that does not ascend", "[step_order]") {
    const auto years = [](std::vector<std::string> names) { return order_of_names(names).years; };
    CHECK(years({"npp_2001", "npp_2002"}) == std::vector<std::int64_t>{2001, 2002});
    CHECK(years({"CLCD_v01_2020_albert", "CLCD_v01_1990_albert"}) == std::vector<std::int64_t>{2020, 1990});
    CHECK(years({"MOD17A3HGF.A2001001.h26v05", "MOD17A3HGF.A2002001.h26v05"}) == std::vector<std::int64_t>{2001, 2002});
    CHECK(years({"lst_20010131", "lst_20010228"}) == std::vector<std::int64_t>{2001, 2001});
    CHECK(years({"period_2001_2020_a", "period_2001_2020_b"}).empty());
    CHECK(years({"npp1", "npp2"}).empty());
    CHECK(years({"x12345678", "x12345679"}).empty());
    const auto disordered = [](std::vector<std::string> names) { return order_of_names(names).disordered; };
    CHECK_FALSE(disordered({"npp_2001", "npp_2002", "npp_2010"}));
    CHECK(disordered({"npp_2010", "npp_2002"}));
    CHECK(disordered({"npp1", "npp10", "npp2"}));
    CHECK_FALSE(disordered({"npp1", "npp2", "npp10"}));
    CHECK(disordered({"tmp_2001_1", "tmp_2001_10", "tmp_2001_2"}));
    CHECK_FALSE(disordered({"tmp_2001_11", "tmp_2001_12", "tmp_2002_1"}));
    CHECK_FALSE(disordered({"slope", "height"}));
    CHECK_FALSE(disordered({"c10", "f0"}));
    CHECK_FALSE(disordered({"a1_b2", "a2_b1"}));  // two numbers: nobody knows which
    CHECK_FALSE(disordered({"only_2001"}));
    CHECK(order_of_names({"npp1", "npp10", "npp2"}).marks == std::vector<std::string>{"1", "10", "2"});
}

TEST_CASE("years of one name", "[step_order]") {
    using Years = std::vector<std::int64_t>;
    CHECK(years_of_name("landcover_1990") == Years{1990});
    CHECK(years_of_name("土地利用２０２０年") == Years{2020});
    CHECK(years_of_name("npp 2001-2020") == Years{2001, 2020});
    CHECK(years_of_name("hyde_1850") == Years{1850});
    CHECK(years_of_name("lst_20010131") == Years{2001});
    CHECK(years_of_name("LC08_L1TP_180012_20130512") == Years{2013});
    CHECK(years_of_name("x12345 v01 2500 300").empty());
}

TEST_CASE("stems of names, and years as users list them", "[step_order]") {
    CHECK(name_stem("tmp_2001") == name_stem("TMP-2002"));
    CHECK(name_stem("tmp_2001") != name_stem("pre_2001"));
    CHECK(listed_years("1990, 2000-2002").value() == std::vector<double>{1990, 2000, 2001, 2002});
    CHECK_FALSE(listed_years("soon").has_value());
    CHECK_FALSE(listed_years("2000-1990").has_value());
    CHECK_FALSE(listed_years("-9223372036854775808-9223372036854775807").has_value());
    CHECK_FALSE(listed_years("2000-1000000000").has_value());
}

TEST_CASE("years that are not evenly apart", "[step_order]") {
    CHECK(are_uneven({2000, 2005, 2015}));
    CHECK(are_uneven({2001, 2002, 2004, 2005}));
    CHECK_FALSE(are_uneven({2000, 2005, 2010}));
    CHECK_FALSE(are_uneven({2000, 2015}));
    CHECK_FALSE(are_uneven({2001, 2001, 2002}));  // months
    CHECK_FALSE(are_uneven({2015, 2005, 2000}));
}

TEST_CASE("bands of several quantities in one series", "[step_order]") {
    using Names = std::vector<std::string>;
    const auto mixed = [](const Names& names) { return mixed_quantities(names); };
    CHECK(mixed({"NDVI_2001", "EVI_2001", "NDVI_2002", "EVI_2002"}) ==
          "2 quantities by their names: 2 of EVI_2001, EVI_2002; 2 of NDVI_2001, NDVI_2002");
    CHECK_FALSE(mixed({"LST_Day", "LST_Night", "LST_Day", "LST_Night"}).empty());
    CHECK_FALSE(mixed({"LST_Day", "QC_Day"}).empty());
    CHECK_FALSE(mixed({"2001", "2002", "2003", "mean"}).empty());
    CHECK_FALSE(mixed({"npp_2001", "npp_2002", "npp_2001_2002_avg"}).empty());
    CHECK_FALSE(mixed({"NDVI_2001", "DetailedQA_2001", "NDVI_2002", "DetailedQA_2002"}).empty());
    CHECK_FALSE(mixed({"2001年NPP", "2002年NPP", "NPP均值"}).empty());
    // Steps of one quantity.
    for (const Names& good :
         {Names{"npp_2001", "npp_2002"}, Names{"2001", "2002"}, Names{"jan_2001", "feb_2001", "jan_2002", "feb_2002"},
          Names{"spring", "summer", "autumn", "winter", "spring", "summer", "autumn", "winter"},
          Names{"春季2001", "夏季2001", "春季2002", "夏季2002"}, Names{"npp_mean_2001", "npp_mean_2002"},
          Names{"L5_1990", "L8_2015"}, Names{"npp_2001", "npp_2002_mean", "npp_2003"}, Names{"a", "b", "c"},
          Names{"B1", "B2", "B3", "B1", "B2", "B3"}, Names{"MOD17A3HGF.A2001001.h26v05", "MOD17A3HGF.A2002001.h26v05"},
          Names{"terra_2001", "aqua_2002", "terra_2003"}}) {
        INFO(good.front());
        CHECK(mixed(good).empty());
    }
}
