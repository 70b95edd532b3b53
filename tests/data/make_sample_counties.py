#!/usr/bin/python3
# Land Carbon Toolbox: makes the sample counties (metadata/sample/counties): 81 units, 21 years, with a planted truth.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: make_sample_counties.py

Needs nothing but Python, and gives the same bytes each time. The counties are of five kinds, from nature to industry. What is
planted, and checked here: the sign of every trend, the elasticities of emission, and the kind of each county."""
import csv
import json
import math
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parents[2] / "metadata" / "sample" / "counties"
TABLES = HERE.parents[1] / "tables"
YEARS = range(2000, 2021)
SIDE = 9
KINDS = "ABCDE"
# Elasticities of ln CE with respect to population, GDP per head, share of industry, energy intensity, share of towns
# and carbon intensity of energy; the constant sets the size.
ELASTICITIES = {"p": 0.85, "w": 0.45, "is": 0.2, "ti": 0.4, "ur": 0.25, "cei": 0.6}
CONSTANT = -1.75
RESIDUAL = 0.004  # standard deviation of ln CE around the equation

# By kind: growth a year of the drivers; growth of CE and CS; CS over CE in 2000; share of crops in CS; land-use
# intensity; sign of the trend of each index.
GROWTH = {"A": (-0.012, 0.070, -0.010, -0.040, 0.015), "B": (-0.006, 0.070, -0.005, -0.035, 0.018),
          "C": (-0.002, 0.070, 0.000, -0.030, 0.020), "D": (0.006, 0.070, 0.005, -0.020, 0.022),
          "E": (0.010, 0.070, 0.008, -0.015, 0.022)}
EMISSION_GROWTH = {"A": -0.018, "B": 0.008, "C": 0.020, "D": 0.045, "E": 0.055}
SINK_GROWTH = {"A": 0.018, "B": 0.016, "C": 0.012, "D": 0.004, "E": -0.010}
SINK_RATIO = {"A": 3.5, "B": 1.6, "C": 0.6, "D": 0.25, "E": 0.16}
CROP_SHARE = {"A": 0.12, "B": 0.2, "C": 0.35, "D": 0.5, "E": 0.5}
INTENSITY = {"A": 0.1, "B": 0.3, "C": 0.5, "D": 0.7, "E": 0.9}
INDICES = ("ce", "cs", "nce", "ecc", "esc", "cf", "ec", "ed")
SIGNS = {"A": (-1, 1, -1, 1, 1, -1, 1, -1), "B": (1, 1, -1, 1, 1, 1, 1, -1), "C": (1, 1, 1, 1, 1, 1, 1, 1),
         "D": (1, 1, 1, -1, -1, 1, 1, 1), "E": (1, -1, 1, -1, -1, 1, -1, 1)}
SIZE = {"A": 1.3e5, "B": 2.2e5, "C": 3.0e5, "D": 4.5e5, "E": 6.0e5}  # CE in 2000, t C

FIRST, SECOND = "云青鹤石黛安澄霁永", "溪岭川栖屿河坪峰垣"
ENERGY = {"raw_coal": 0.62, "gasoline": 0.07, "diesel_fuel": 0.1, "natural_gas": 0.06, "liquefied_petroleum_gas": 0.02,
          "electricity": 0.11, "heat": 0.02}
INPUTS = {"fertilizer": 0.5, "pesticide": 0.06, "plastic_film": 0.12, "irrigation": 0.17, "crop_cover": 0.13,
          "machinery": 0.02}
ANIMALS = {"pig": 0.45, "cattle": 0.4, "sheep": 0.1, "poultry": 0.05}
CROPS = {"rice": 0.2, "wheat": 0.25, "maize": 0.35, "tubers": 0.06, "rapeseed": 0.07, "vegetables": 0.07}
LAND = {"shrubland": 0.14, "forest": 0.85, "grassland": 0.005, "water": 0.005}


def coefficients():
    """Tonnes of carbon for one unit of each quantity, from the published tables."""
    def rows(name):
        with open(TABLES / f"{name}.csv", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    factors, nep = {}, {}
    for row in rows("qinba_index_coefficients"):
        value = float(row["coefficient"])
        if row["group"] == "livestock":
            animal = row["item"].split("_")[0]
            factors[animal] = factors.get(animal, 0) + value
        elif row["group"] == "nep":
            nep[row["item"]] = value
        else:
            factors["population" if row["group"] == "urban" else row["item"]] = value
    for row in rows("qinba_energy_coefficients"):
        scale = 1e-3 if row["standard_coal_unit"].startswith("kg/") else 1
        factors[row["energy"].lower().replace(" ", "_")] = (
            float(row["standard_coal"]) * float(row["ce_t_per_t_coal"]) * scale)
    for row in rows("crop_coefficients"):
        factors[row["crop"].lower().replace(" ", "_")] = (
            (1 - float(row["water_content"])) / float(row["economic_coefficient"]) * float(row["carbon_fraction"]))
    return factors, nep


def rounded(value, digits=4):
    """A number of four digits: exact enough, and short in the file."""
    scale = 10 ** (digits - 1 - math.floor(math.log10(value)))
    number = round(value * scale) / scale
    return int(number) if number == int(number) else number


def polygons(noise):
    """Corners of a grid and points between them, moved a little; neighbours share them."""
    west, south, step_x, step_y = 104.6, 30.4, 0.62, 0.47

    def moved(x, y, border):
        reach = 0 if border else 0.3
        return [round(west + step_x * (x + noise.uniform(-reach, reach)), 4),
                round(south + step_y * (y + noise.uniform(-reach, reach)), 4)]
    corners = {(x, y): moved(x, y, False) for x in range(SIDE + 1) for y in range(SIDE + 1)}
    edges = {}
    for (x, y), start in sorted(corners.items()):
        for dx, dy in ((1, 0), (0, 1)):
            end = corners.get((x + dx, y + dy))
            if end:
                points = []
                for share in (0.25, 0.5, 0.75):
                    points.append([round(start[k] + share * (end[k] - start[k]) + noise.uniform(-0.03, 0.03), 4)
                                   for k in (0, 1)])
                edges[(x, y), (x + dx, y + dy)] = points

    def side(a, b):
        return [corners[a]] + (edges[a, b] if (a, b) in edges else edges[b, a][::-1])
    shapes = {}
    for x in range(SIDE):
        for y in range(SIDE):
            a, b, c, d = (x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)
            ring = side(a, b) + side(b, c) + side(c, d) + side(d, a)
            shapes[x, y] = ring + [ring[0]]
    return shapes


def kind_of(x, y, noise):
    """Industry in the plain (south-east), nature in the mountains (north-west), with mixed borders."""
    place = (x + (SIDE - 1 - y)) / (2 * SIDE - 2) + noise.uniform(-0.13, 0.13)
    return KINDS[min(4, max(0, int((place - 0.5) * 6.2 + 2.5)))]


def series(kind, noise):
    """Drivers, emission and sequestration of a county, year by year."""
    size = math.exp(noise.gauss(0, 0.25))
    growth_p, growth_w, growth_is, growth_ti, growth_ur = (g + noise.gauss(0, 0.0015) for g in GROWTH[kind])
    start = {"p": {"A": 1.6e5, "B": 2.6e5, "C": 3.6e5, "D": 4.6e5, "E": 5.6e5}[kind] * size,
             "w": {"A": 3100, "B": 3600, "C": 4300, "D": 5400, "E": 6800}[kind] * math.exp(noise.gauss(0, 0.2)),
             "is": {"A": 0.28, "B": 0.32, "C": 0.38, "D": 0.44, "E": 0.5}[kind] * math.exp(noise.gauss(0, 0.1)),
             "ti": {"A": 1.1, "B": 1.3, "C": 1.6, "D": 1.9, "E": 2.3}[kind] * math.exp(noise.gauss(0, 0.15)),
             "ur": {"A": 0.2, "B": 0.24, "C": 0.29, "D": 0.34, "E": 0.42}[kind] * math.exp(noise.gauss(0, 0.1))}
    growths = dict(zip(("p", "w", "is", "ti", "ur"), (growth_p, growth_w, growth_is, growth_ti, growth_ur)))
    rest = sum(ELASTICITIES[k] * g for k, g in growths.items())
    growths["cei"] = (EMISSION_GROWTH[kind] - rest) / ELASTICITIES["cei"]
    # Carbon intensity in the first year so that the county has the emission of its kind.
    ce = SIZE[kind] * size * math.exp(noise.gauss(0, 0.1))
    start["cei"] = math.exp((math.log(ce) - CONSTANT - sum(ELASTICITIES[k] * math.log(start[k]) for k in start))
                            / ELASTICITIES["cei"])
    sink = SINK_RATIO[kind] * ce * math.exp(noise.gauss(0, 0.08))
    for step, year in enumerate(YEARS):
        drivers = {k: rounded(start[k] * math.exp(growths[k] * step + noise.gauss(0, 0.004 if k == "p" else 0.012)))
                   for k in growths}
        emission = math.exp(CONSTANT + sum(ELASTICITIES[k] * math.log(drivers[k]) for k in drivers)
                            + noise.gauss(0, RESIDUAL))
        harvest = math.exp(noise.gauss(0, 0.012))  # good and bad years
        yield year, drivers, emission, sink * math.exp(SINK_GROWTH[kind] * step), harvest


def split(total, shares, factors, noise):
    """Amounts that together count for the total; noise moves the shares."""
    moved = {k: share * math.exp(noise.gauss(0, 0.05)) for k, share in shares.items()}
    whole = sum(moved.values())
    return {k: rounded(total * share / whole / factors[k]) for k, share in moved.items()}


def rows_of(name, kind, factors, noise):
    rows = []
    growth = {"rural": None}
    for year, drivers, emission, sink, harvest in series(kind, noise):
        row = {"county": name, "year": year}
        if growth["rural"] is None:
            growth["rural"] = {"inputs": 0.13 * emission, "animals": 0.16 * emission}
        step = year - YEARS[0]
        inputs = growth["rural"]["inputs"] * math.exp((0.008 if kind in "DE" else -0.005) * step)
        animals = growth["rural"]["animals"] * math.exp(-0.004 * step)
        row.update(split(inputs, INPUTS, factors, noise))
        people = round(drivers["p"])
        others = sum(row[k] * factors[k] for k in INPUTS) + people * factors["population"]
        heads = split(animals, ANIMALS, factors, noise)
        heads = {k: round(v) for k, v in heads.items()}
        others += sum(heads[k] * factors[k] for k in heads)
        row.update(split(emission - others, ENERGY, factors, noise))
        row["population"] = people
        row.update(heads)
        row.update(split(sink * CROP_SHARE[kind] * harvest, CROPS, factors, noise))
        still = random.Random(f"{name} land")
        row.update(split(sink * (1 - CROP_SHARE[kind]), LAND, factors, still))
        row["gdp"] = rounded(people * drivers["w"] / 1e4)
        row.update({"w": drivers["w"], "is": drivers["is"], "ti": drivers["ti"], "ur": drivers["ur"],
                    "cei": drivers["cei"]})
        rows.append(row)
    return rows


def mann_kendall(values):
    """Z of the Mann-Kendall test, without ties."""
    n = len(values)
    s = sum((b > a) - (b < a) for i, a in enumerate(values) for b in values[i + 1:])
    return (s - (s > 0) + (s < 0)) / math.sqrt(n * (n - 1) * (2 * n + 5) / 18)


def check(rows, kinds, factors, nep):
    """Are the trends what was planted?"""
    sources = (*INPUTS, *ENERGY, "population", *ANIMALS)
    region = {year: {"ce": 0, "gdp": 0, **{k: 0 for k in ("cropland", *LAND)}} for year in YEARS}
    for row in rows:
        row["ce"] = sum(row[k] * factors[k] for k in sources)
        row["cs"] = sum(row[k] * factors[k] for k in (*CROPS, *LAND))
        total = region[row["year"]]
        total["ce"] += row["ce"]
        total["gdp"] += row["gdp"]
        total["cropland"] += sum(row[k] * factors[k] for k in CROPS)
        for k in LAND:
            total[k] += row[k] * factors[k]
    for row in rows:
        total = region[row["year"]]
        sinks = sum(total[k] for k in ("cropland", *LAND))
        f = sum(total[k] / sinks / nep[k] for k in nep)
        row["nce"] = row["ce"] - row["cs"]
        row["ecc"] = row["gdp"] / total["gdp"] / (row["ce"] / total["ce"])
        row["esc"] = row["cs"] / sinks / (row["ce"] / total["ce"])
        row["cf"], row["ec"] = row["ce"] * f, row["cs"] * f
        row["ed"] = row["cf"] - row["ec"]
    weakest = 99
    for name, kind in kinds.items():
        for index, sign in zip(INDICES, SIGNS[kind]):
            z = mann_kendall([row[index] for row in rows if row["county"] == name])
            weakest = min(weakest, z * sign)
            assert z * sign > 1.66, (name, kind, index, z)
    print(f"weakest planted trend: |Z| = {weakest:.2f}")
    for kind in KINDS:
        print(kind, sum(1 for k in kinds.values() if k == kind), "counties")


def write(name, columns, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[row[column] for column in columns] for row in rows])


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    noise = random.Random(20250416)
    factors, nep = coefficients()
    shapes = polygons(noise)
    features, rows, kinds, truth = [], [], {}, []
    for x in range(SIDE):
        for y in range(SIDE):
            name = FIRST[y] + SECOND[x] + "县"
            kind = kind_of(x, y, noise)
            kinds[name] = kind
            rows += rows_of(name, kind, factors, noise)
            features.append({"type": "Feature",
                             "properties": {"county": name, "code": 610001 + SIDE * x + y,
                                            "cli": round(INTENSITY[kind] + noise.uniform(-0.07, 0.07), 3)},
                             "geometry": {"type": "Polygon", "coordinates": [shapes[x, y]]}})
            truth.append({"county": name, "zone": KINDS.index(kind) + 1, **dict(zip(INDICES, SIGNS[kind]))})
    write("counties.csv", list(rows[0]), rows)
    write("truth.csv", list(truth[0]), truth)
    write("elasticities.csv", ["driver", "elasticity"],
          [{"driver": {"p": "population"}.get(k, k), "elasticity": v} for k, v in ELASTICITIES.items()])
    # The published scenarios, with the names that the drivers have here.
    published = (TABLES / "qinba_scenarios.csv").read_text(encoding="utf-8").splitlines()
    names = {"P": "population", "W": "w", "IS": "is", "TI": "ti", "UR": "ur", "CEI": "cei"}
    head = [f"{names[word.split('_')[0]]}_{word.split('_')[1]}" if "_" in word else word
            for word in published[0].split(",")]
    (HERE / "scenarios.csv").write_text("\n".join([",".join(head), *published[1:]]) + "\n", encoding="utf-8")
    layer = {"type": "FeatureCollection", "name": "counties",
             "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
    text = json.dumps(layer, ensure_ascii=False)[:-1] + ', "features": [\n'
    text += ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    (HERE / "counties.geojson").write_text(text + "\n]}\n", encoding="utf-8")
    check(rows, kinds, factors, nep)


if __name__ == "__main__":
    main()
