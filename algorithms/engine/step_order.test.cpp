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

TEST_CASE("orders of months, seasons, years of two digits and Chinese numerals", "[step_order]") {
    const auto disordered = [](std::vector<std::string> names) { return order_of_names(names).disordered; };
    // Files as folders list them.
    CHECK(disordered(
        {"t_apr", "t_aug", "t_dec", "t_feb", "t_jan", "t_jul", "t_jun", "t_mar", "t_may", "t_nov", "t_oct", "t_sep"}));
    CHECK(disordered({"n_2001_apr", "n_2001_aug", "n_2001_feb", "n_2001_jan"}));
    CHECK(disordered({"autumn", "spring", "summer", "winter"}));
    CHECK(disordered({"winter", "autumn", "summer", "spring"}));
    CHECK(disordered({"一月", "三月", "二月", "四月"}));
    CHECK_FALSE(disordered({"t_jan", "t_feb", "t_mar", "t_apr"}));
    CHECK_FALSE(disordered({"t_oct", "t_nov", "t_dec", "t_jan"}));
    CHECK_FALSE(disordered({"winter", "spring", "summer", "autumn"}));
    CHECK_FALSE(disordered({"DJF", "MAM", "JJA", "SON"}));
    CHECK_FALSE(disordered({"十月", "十一月", "十二月", "一月"}));
    CHECK_FALSE(disordered({"marsh", "forest", "decline"}));
    CHECK(disordered({"二〇一二年", "二〇〇六年", "二〇〇一年"}));
    CHECK(order_of_names({"二〇〇一年", "二〇〇六年"}).years == std::vector<std::int64_t>{2001, 2006});
    // Years of two digits across a century.
    const NamedOrder order = order_of_names({"b00", "b01", "b02", "b97", "b98", "b99"});
    CHECK(order.disordered);
    CHECK(order.years == std::vector<std::int64_t>{2000, 2001, 2002, 1997, 1998, 1999});
    CHECK_FALSE(disordered({"b97", "b98", "b99", "b00", "b01"}));
    CHECK_FALSE(disordered({"b01", "b02", "b03", "b04"}));
    CHECK_FALSE(disordered({"b05", "b15", "b25", "b35", "b45", "b55"}));  // depths
    std::vector<std::string> hundred;
    for (int i = 0; i < 100; ++i) hundred.push_back((i < 10 ? "b0" : "b") + std::to_string(i));
    CHECK_FALSE(disordered(hundred));
}

TEST_CASE("steps without a year among dated ones, and years that stand twice", "[step_order]") {
    const NamedOrder order = order_of_names({"NPP_2001", "NPP_2003", "NPP_2002", "NPP_2004", "height"});
    CHECK(order.disordered);
    CHECK(order.undated == std::vector<std::string>{"height"});
    CHECK(order_of_names({"NPP_2001", "NPP_2002", "slope", "height"}).undated.empty());
    CHECK(order_of_names({"slope", "height", "rain", "soil", "roads"}).undated.empty());
    CHECK(doubled_year({2001, 2002, 2002, 2003, 2004}) == 2002);
    CHECK_FALSE(doubled_year({2001, 2002, 2003, 2004}).has_value());
    CHECK_FALSE(doubled_year({2001, 2001, 2001, 2002, 2002, 2003, 2004, 2005}).has_value());
    CHECK_FALSE(doubled_year({2001, 2001, 2002, 2002, 2003, 2003, 2004, 2004}).has_value());  // two a year
}

TEST_CASE("years of one name", "[step_order]") {
    CHECK(years_of_name("二〇二〇年土地利用") == std::vector<std::int64_t>{2020});
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
