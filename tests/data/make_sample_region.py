#!/usr/bin/python3
# Land Carbon Toolbox: makes the synthetic sample region in metadata/sample.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the sample region: an invented dry basin with hills, rivers, a lake, a growing town and six land-cover classes.

Usage: make_sample_region.py [OUTPUT_FOLDER]        (default: metadata/sample of this repository)

Needs NumPy and GDAL's Python module. Two runs give the same bytes. On another machine the cell values are the same as
well, because the landscape uses only operations that IEEE 754 defines exactly (+ - * / sqrt) and a frozen random
generator; the compressed bytes may differ with the version of the compression library.
"""

import csv
import heapq
import math
import os
import sys

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

REPOSITORY = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ROWS, COLS, CELL = 200, 240, 100.0
WEST, NORTH = 330000.0, 4260000.0  # upper left corner in EPSG:32649, about 38.5 N 109 E
GEOGRAPHIC_BOUNDS = (109.05, 38.285, 109.345, 38.485)
YEARS = (1990, 2005, 2020)
LAKE_LEVEL = 1120.0

CROPLAND, FOREST, GRASSLAND, WATER, IMPERVIOUS, UNUSED = 1, 2, 3, 4, 5, 6
CLASSES = (  # code, name, colour
    (CROPLAND, "Cropland", "#f2d16b"),
    (FOREST, "Forest land", "#2f7d4a"),
    (GRASSLAND, "Grassland", "#a9cf72"),
    (WATER, "Water", "#3a7fc1"),
    (IMPERVIOUS, "Impervious surface", "#c8402f"),
    (UNUSED, "Unused land", "#d8cdbd"),
)
# Row of tables/beibu_carbon_pools.csv for each class: that study numbers built land 4 and water 5.
POOLS_ROW = {CROPLAND: 1, FOREST: 2, GRASSLAND: 3, WATER: 5, IMPERVIOUS: 4, UNUSED: 6}
# Invented relative standard deviations, for showing how uncertainty is carried through.
POOLS_RELATIVE_SD = {"above": 0.15, "below": 0.20, "soil": 0.12, "dead": 0.30}
# Invented: built-up land with the energy used on it. With the study's 1.82 the region would be a net sink without a
# carbon balance index.
OWN_FACTORS = {IMPERVIOUS: "12"}

COUNTIES = (  # name, row and column of the seat
    ("澄湖市", 112, 160),
    ("栖雁县", 62, 178),
    ("Stonebridge", 42, 98),
    ("赤砾旗", 100, 52),
    ("Altan Gövi", 158, 88),
    ("Willow Bend", 168, 170),
)

NEIGHBOURS = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
ROTATIONS = ((0.8, 0.6), (12.0 / 13.0, 5.0 / 13.0), (0.6, 0.8), (15.0 / 17.0, 8.0 / 17.0), (5.0 / 13.0, 12.0 / 13.0))
ROW, COL = np.mgrid[0:ROWS, 0:COLS].astype(float)


# Fields

def noise(seed, size, octaves=4, gain=0.5):
    """Fractal value noise scaled to 0..1; `size` is the width in cells of the largest features."""
    total = np.zeros((ROWS, COLS))
    amplitude = 1.0
    for octave in range(octaves):
        random = np.random.RandomState(1000 * seed + octave)
        step = size / 2.0**octave
        cosine, sine = ROTATIONS[octave % len(ROTATIONS)]  # turned lattices leave no marks along rows and columns
        r = (cosine * ROW + sine * COL) / step + 0.37
        c = (cosine * COL - sine * ROW + sine * ROWS) / step + 0.61
        lattice = random.random_sample((int(r.max()) + 2, int(c.max()) + 2))
        r0, c0 = r.astype(int), c.astype(int)
        fr, fc = r - r0, c - c0
        fr, fc = fr * fr * (3.0 - 2.0 * fr), fc * fc * (3.0 - 2.0 * fc)
        upper = lattice[r0, c0] * (1.0 - fc) + lattice[r0, c0 + 1] * fc
        lower = lattice[r0 + 1, c0] * (1.0 - fc) + lattice[r0 + 1, c0 + 1] * fc
        total += amplitude * (upper * (1.0 - fr) + lower * fr)
        amplitude *= gain
    return (total - total.min()) / (total.max() - total.min())


def ramp(x, start, end):
    """0 before `start`, 1 after `end`, smooth between."""
    t = np.clip((x - start) / (end - start), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def shifted(a, dr, dc):
    """The array moved so that each cell holds its neighbour (dr, dc); the border repeats."""
    padded = np.pad(a, 1, mode="edge")
    return padded[1 + dr:1 + dr + a.shape[0], 1 + dc:1 + dc + a.shape[1]]


def dilated(mask, times=1):
    """The mask grown by `times` cells in all eight directions."""
    for _ in range(times):
        grown = mask.copy()
        for dr, dc in NEIGHBOURS:
            grown |= shifted(mask, dr, dc)
        mask = grown
    return mask


def smoothed(a, times):
    """The field after `times` passes of a 3 x 3 mean."""
    for _ in range(times):
        total = a.copy()
        for dr, dc in NEIGHBOURS:
            total = total + shifted(a, dr, dc)
        a = total / 9.0
    return a


def neighbours_of(cell):
    """Index of each neighbour of a flat cell index and the length of the step to it in cells."""
    r, c = divmod(cell, COLS)
    for dr, dc in NEIGHBOURS:
        if 0 <= r + dr < ROWS and 0 <= c + dc < COLS:
            yield cell + dr * COLS + dc, 1.4142135623730951 if dr and dc else 1.0


def cost_distance(sources, cost):
    """Least accumulated cost from the source cells, the cell each path comes from and its source's number."""
    flat = cost.ravel().tolist()
    best = [float("inf")] * len(flat)
    before = [-1] * len(flat)
    owner = [-1] * len(flat)
    heap = []
    for number, source in enumerate(sources):
        best[source], owner[source] = 0.0, number
        heap.append((0.0, source))
    heapq.heapify(heap)
    while heap:
        distance, cell = heapq.heappop(heap)
        if distance > best[cell]:
            continue
        for other, step in neighbours_of(cell):
            candidate = distance + step * 0.5 * (flat[cell] + flat[other])
            if candidate < best[other]:
                best[other], before[other], owner[other] = candidate, cell, owner[cell]
                heapq.heappush(heap, (candidate, other))
    return np.array(best).reshape(ROWS, COLS), before, np.array(owner).reshape(ROWS, COLS)


# Terrain and water

def drainage(elevation, lake, rise):
    """Receiver of each cell and the cells in order from the lake upwards; pits drain over their lowest rim.

    `rise` is the least height gained per step upstream; an uneven field makes rivers on flat ground wander.
    """
    gain = rise.ravel().tolist()
    height = elevation.ravel().tolist()
    receiver = list(range(len(height)))
    distance = [1.0] * len(height)
    seen = lake.ravel().tolist()
    order = []
    heap = [(height[cell], cell) for cell in np.flatnonzero(lake).tolist()]
    heapq.heapify(heap)
    filled = list(height)
    while heap:
        level, cell = heapq.heappop(heap)
        order.append(cell)
        for other, step in neighbours_of(cell):
            if not seen[other]:
                seen[other] = True
                filled[other] = max(height[other], level + step * gain[other])
                heapq.heappush(heap, (filled[other], other))
    lake_cells = lake.ravel().tolist()
    for cell in order:
        if lake_cells[cell]:
            continue
        steepest = 0.0
        for other, step in neighbours_of(cell):
            slope = (filled[cell] - filled[other]) / step
            if slope > steepest:
                steepest, receiver[cell], distance[cell] = slope, other, step
    return receiver, distance, order


def upstream_cells(receiver, order):
    """Number of cells that drain through each cell, itself included."""
    area = [1.0] * len(receiver)
    for cell in reversed(order):
        if receiver[cell] != cell:
            area[receiver[cell]] += area[cell]
    return area


def make_terrain():
    """Elevation in m, shaped by uplift and by rivers that cut down to the lake, with the lake and the drainage."""
    centre_r, centre_c = 138.0, 176.0
    warp = noise(1, 14, 4)
    radius = ((ROW - centre_r) / 1.0) ** 2 + ((COL - centre_c) / 1.55) ** 2
    lake = radius < (3.0 + 14.0 * warp) ** 2
    # The plain lies around the lake and along an arm to the north-west; hills rise around it.
    along = (COL - centre_c) * -0.84 + (ROW - centre_r) * -0.54
    across = (COL - centre_c) * 0.54 - (ROW - centre_r) * 0.84
    bent = across + 36.0 * (noise(2, 90, 2) - 0.5)
    from_axis = np.sqrt(bent * bent + np.where(along < 0.0, along * along, 0.0))
    width = 50.0 - 0.16 * np.clip(along, 0.0, 190.0)
    hills = ramp(from_axis / width + 0.9 * (noise(3, 60, 3) - 0.5), 0.55, 1.9)
    uplift = 1.6 + 5.0 * ramp(along, 20.0, 190.0) + 58.0 * hills * (0.55 + 0.9 * noise(4, 45, 3))
    erodibility = 0.7 + 0.6 * noise(5, 25, 3)
    elevation = 2.0 * uplift + 40.0 * noise(6, 60, 6)
    elevation[lake] = 0.0
    lake_flat = lake.ravel()
    rise = noise(9, 8, 4, 0.8)
    rise = 0.02 + 4.0 * rise * rise * rise * rise
    bends = 3.0 * noise(10, 12, 4, 0.7)
    for _ in range(26):
        receiver, distance, order = drainage(elevation + bends, lake, rise)
        area = upstream_cells(receiver, order)
        height = (elevation + 2.0 * uplift).ravel().tolist()
        strength = (2.0 * erodibility).ravel().tolist()
        for cell in order:  # stream-power law, implicit in time (Braun & Willett 2013)
            if lake_flat[cell]:
                height[cell] = 0.0
                continue
            f = strength[cell] * math.sqrt(area[cell]) / distance[cell]
            height[cell] = (height[cell] + f * height[receiver[cell]]) / (1.0 + f)
        elevation = np.array(height).reshape(ROWS, COLS)
        elevation = 0.65 * elevation + 0.35 * smoothed(elevation, 1)
        elevation[lake] = 0.0
    area = np.array(upstream_cells(receiver, order)).reshape(ROWS, COLS)
    detail = 3.0 * noise(11, 7, 4) + (10.0 + 90.0 * hills) * noise(7, 30, 5)
    elevation = smoothed(elevation, 2) + detail * ramp(-area, -250.0, 0.0)
    elevation = np.where(lake, LAKE_LEVEL, LAKE_LEVEL + 0.5 + smoothed(elevation, 1))
    return elevation, lake, hills, receiver, order


def slope_of(elevation):
    """Slope as rise over run, and the part of the gradient that faces north."""
    east = (shifted(elevation, 0, 1) - shifted(elevation, 0, -1)) / (2.0 * CELL)
    south = (shifted(elevation, 1, 0) - shifted(elevation, -1, 0)) / (2.0 * CELL)
    slope = np.sqrt(east * east + south * south)
    return slope, south / (slope + 0.05)


def make_region():
    """Irregular area of the map: a warped oval."""
    r = (ROW - 0.5 * (ROWS - 1)) / (0.5 * ROWS)
    c = (COL - 0.5 * (COLS - 1)) / (0.5 * COLS)
    distance = np.sqrt(np.sqrt(r * r * r * r + c * c * c * c))
    region = distance + 0.30 * (noise(8, 50, 5) - 0.5) < 0.84
    region[:3], region[-3:], region[:, :3], region[:, -3:] = False, False, False, False
    return connected(region, 138 * COLS + 176)


def connected(mask, start):
    """The part of the mask joined to a start cell, with its holes filled."""
    def flood(allowed, cells):
        reached = np.zeros(ROWS * COLS, bool)
        flat = allowed.ravel()
        stack = [cell for cell in cells if flat[cell]]
        reached[stack] = True
        while stack:
            cell = stack.pop()
            for other, step in neighbours_of(cell):
                if step == 1.0 and flat[other] and not reached[other]:
                    reached[other] = True
                    stack.append(other)
        return reached.reshape(ROWS, COLS)
    part = flood(mask, [start])
    return ~flood(~part, [0])


def make_reservoir(elevation, area, receiver, hills, region, town):
    """Cells that a dam floods: in the hills, on a river of middle size, away from the town, about 150 cells large."""
    height, inside = elevation.ravel(), region.ravel()
    best = []
    for cell in np.flatnonzero(region & (hills > 0.3)).tolist():
        far = (cell // COLS - town // COLS) ** 2 + (cell % COLS - town % COLS) ** 2
        if not 500.0 < area[cell] < 4500.0 or far < 45**2:
            continue
        for dam in (12.0, 18.0, 24.0, 30.0, 36.0):
            flooded, stack = {cell}, [cell]
            while stack and len(flooded) < 300:
                current = stack.pop()
                for other, _ in neighbours_of(current):
                    if other not in flooded and receiver[other] in flooded and height[other] < height[cell] + dam:
                        flooded.add(other)
                        stack.append(other)
            if inside[sorted(flooded)].all() and abs(len(flooded) - 150) < abs(len(best) - 150):
                best = sorted(flooded)
    reservoir = np.zeros(ROWS * COLS, bool)
    reservoir[best] = True
    return reservoir.reshape(ROWS, COLS)


# Settlements

def choose_town(area, receiver, lake):
    """A place on the largest river, 42 cells upstream of the lake."""
    mouths = [c for c in range(ROWS * COLS) if not lake.ravel()[c] and lake.ravel()[receiver[c]]]
    cell = max(mouths, key=lambda c: (area[c], c))
    donors = {}
    for c in range(ROWS * COLS):
        if receiver[c] != c:
            donors.setdefault(receiver[c], []).append(c)
    for _ in range(42):
        cell = max(donors[cell], key=lambda c: (area[c], c))
    return cell


def choose_villages(suitability, region, town, count, spacing):
    """The best places that keep their distance from the town and from each other."""
    chosen = []
    inside = ~dilated(~region, 6)
    order = np.argsort(-np.where(inside, suitability, -1.0).ravel(), kind="stable").tolist()
    for cell in order:
        r, c = divmod(cell, COLS)
        if (r - town // COLS) ** 2 + (c - town % COLS) ** 2 < 19**2:
            continue
        if all((r - v // COLS) ** 2 + (c - v % COLS) ** 2 >= spacing**2 for v in chosen):
            chosen.append(cell)
        if len(chosen) == count:
            break
    return chosen


def make_roads(town, places, cost):
    """Roads from the town to each place, sharing what is built already; the first three are the main roads."""
    roads = np.zeros((ROWS, COLS), bool)
    main = np.zeros((ROWS, COLS), bool)
    for number, place in enumerate(places):
        on = main if number < 3 else roads
        _, before, _ = cost_distance([town], np.where(roads, 0.35 * cost, cost))
        cell = place
        while cell != -1:
            on[cell // COLS, cell % COLS] = True
            roads[cell // COLS, cell % COLS] = True
            cell = before[cell]
    return roads, main


def settlement_rank(place, cost):
    """Order, from 0, in which cells around a place are built upon."""
    distance, _, _ = cost_distance([place], cost)
    rank = np.empty(ROWS * COLS, int)
    rank[np.argsort(distance.ravel(), kind="stable")] = np.arange(ROWS * COLS)
    return rank.reshape(ROWS, COLS)


# Land cover

def majority(cover, fixed, times):
    """Each free cell takes the commonest class of its 3 x 3 window if that has five cells or more."""
    for _ in range(times):
        counts = np.zeros((7, ROWS, COLS), int)
        for dr, dc in NEIGHBOURS + [(0, 0)]:
            neighbour = shifted(cover, dr, dc)
            for code in range(1, 7):
                counts[code] += neighbour == code
        counts[WATER] = counts[IMPERVIOUS] = 0
        winner = counts.argmax(axis=0)
        cover = np.where(~fixed & (counts.max(axis=0) >= 5), winner, cover)
    return cover


def make_land_cover():
    """Elevation, region and the three land-cover maps."""
    elevation, lake, hills, receiver, order = make_terrain()
    region = make_region()
    slope, northness = slope_of(elevation)
    area_list = upstream_cells(receiver, order)
    area = np.array(area_list).reshape(ROWS, COLS)

    river = ((area > 1300) | (shifted(area, 0, 1) > 7000)) & ~lake  # the largest rivers are two cells wide
    water = river | lake
    # Height above the river or lake that a cell drains to, and closeness to it.
    flat, is_water = elevation.ravel(), water.ravel()
    base = flat.copy()
    for cell in order:
        if not is_water[cell] and receiver[cell] != cell:
            base[cell] = base[receiver[cell]]
    above = np.maximum(flat - base, 0.0).reshape(ROWS, COLS)
    to_water, _, _ = cost_distance(np.flatnonzero(water.ravel()).tolist(), np.ones((ROWS, COLS)))

    town = choose_town(area_list, receiver, lake)
    gentle = 1.0 / (1.0 + (slope / 0.05) ** 2)
    suitability = gentle * (0.3 + 0.7 / (1.0 + (to_water / 8.0) ** 2)) * (0.4 + noise(20, 30, 3)) * ~dilated(water)
    villages = choose_villages(suitability, region, town, 26, 13.0)
    travel = 1.0 + 25.0 * slope + 5.0 * noise(21, 12, 4) + np.where(water, 6.0, 0.0) + np.where(lake, 60.0, 0.0)
    exits = [95 * COLS + COLS - 1, 0 * COLS + 150, 70 * COLS]
    roads, main_roads = make_roads(town, exits + villages, travel)
    rough = noise(22, 8, 5, 0.75)
    build = (0.3 + 25.0 * slope + 14.0 * rough * rough * rough) * np.where(dilated(roads), 0.7, 1.0)
    build = np.where(roads, 0.65 * build, build) + np.where(water, 5.0, 0.0)

    reservoir = make_reservoir(elevation, area_list, receiver, hills, region, town)

    # Land cover without people's later changes: each class has a score, the best wins.
    steep = ramp(slope, 0.05, 0.22)
    dry = ramp(to_water, 6.0, 22.0)
    scores = np.full((7, ROWS, COLS), -9.0)
    scores[CROPLAND] = 1.22 * gentle + 0.35 / (1.0 + above / 25.0) + 1.5 * (noise(31, 14, 5, 0.8) - 0.5) - 0.30 * dry
    scores[FOREST] = 0.16 + 0.95 * steep + 0.9 * northness * steep + 1.5 * (noise(32, 16, 5, 0.75) - 0.5) + 0.15 * hills
    scores[GRASSLAND] = 0.62 + 1.3 * (noise(33, 14, 5, 0.8) - 0.5) + 0.15 * dry
    dunes = noise(38, 42, 5)
    scores[UNUSED] = 0.10 + 2.05 * ramp(dunes, 0.42, 0.76) * (0.3 + 0.7 * gentle) * (0.25 + 0.75 * dry)
    rock = ramp(elevation - smoothed(elevation, 25), 30.0, 110.0) * ramp(slope, 0.15, 0.3)
    scores[UNUSED] += 1.5 * rock * ramp(noise(36, 15, 4), 0.45, 0.7)
    base_cover = scores.argmax(axis=0)
    base_cover = majority(np.where(water, WATER, base_cover), water, 1)

    town_rank = settlement_rank(town, build)
    village_ranks = [settlement_rank(v, build) for v in villages]
    near_town = [(v // COLS - town // COLS) ** 2 + (v % COLS - town % COLS) ** 2 < 45**2 for v in villages]

    covers = []
    for date in range(3):
        cover = base_cover.copy()
        if date > 0:
            cover = change(cover, covers[-1], date, slope, gentle, steep, dry, dunes, northness)
        # The lake shrinks, then partly recovers; the shore becomes grass or bare ground.
        shore = lake & ~eroded(lake, (0, 2, 1)[date]) & (noise(40, 14, 3) > (1.0, 0.35, 0.42)[date])
        cover[lake] = WATER
        cover[shore] = np.where(noise(41, 8, 2) > 0.5, GRASSLAND, UNUSED)[shore]
        cover[river] = WATER
        if date > 0:
            cover[reservoir & (date == 2 or elevation < np.sort(elevation[reservoir])[-8])] = WATER
        built = (town_rank < (300, 620, 1020)[date])
        for number, rank in enumerate(village_ranks):
            start = 3 + 3 * (number * 5 % 7)
            growth = (1.0, 1.7, 2.8)[date] if near_town[number] else (1.0, 1.25, 1.45)[date]
            built |= rank < int(start * growth)
        if date == 2:
            built |= main_roads & (slope < 0.30)
        cover[built & ~lake & ~river] = IMPERVIOUS
        covers.append(np.where(region, cover, 0).astype(np.uint8))
    return elevation, region, covers


def eroded(mask, times):
    """The mask without its outer `times` cells."""
    return ~dilated(~mask, times) if times else mask


def change(base, before, date, slope, gentle, steep, dry, dunes, northness):
    """Land cover of the next date from that of the one before; people change it in patches."""
    cover = np.where(before == 0, base, before).astype(int)
    start = cover.copy()
    patch = [noise(50 + 10 * date + i, size, 4, 0.55) for i, size in enumerate((14, 12, 12, 10, 12))]
    # Grain for green: sloping fields become forest where steep, grass otherwise.
    sloping = (start == CROPLAND) & (slope > 0.045)
    retired = sloping & (patch[0] + 1.5 * (slope - 0.045) > (0.56, 0.52)[date - 1])
    cover[retired] = np.where(slope + 0.06 * (patch[1] - 0.5) + 0.02 * northness > 0.07, FOREST, GRASSLAND)[retired]
    # Sand is fixed from its edges inwards.
    fixed = (start == UNUSED) & (dunes + 0.30 * (patch[1] - 0.5) < (0.66, 0.69)[date - 1])
    cover[fixed] = GRASSLAND
    # Afforestation of hill grass, reclamation of flat grass near water, some forest lost.
    planted = (start == GRASSLAND) & (patch[2] + 0.35 * steep > (1.02, 0.95)[date - 1])
    cover[planted] = FOREST
    reclaimed = (start == GRASSLAND) & (slope < 0.05) & (patch[3] + 0.15 * gentle > (0.86, 0.92)[date - 1])
    cover[reclaimed] = CROPLAND
    lost = (start == FOREST) & (patch[4] > 0.80)
    cover[lost] = GRASSLAND
    degraded = (start == GRASSLAND) & (dunes > 0.52) & (patch[4] < 0.16)
    cover[degraded] = UNUSED
    if date == 2:  # irrigation circles on flat sand and dry grass
        placed = []
        flat = np.flatnonzero(((start == UNUSED) | (start == GRASSLAND)) & (slope < 0.035) & (dry > 0.1)).tolist()
        random = np.random.RandomState(77)
        for cell in [flat[i] for i in random.permutation(len(flat)).tolist()]:
            r, c = divmod(cell, COLS)
            disc = (ROW - r) ** 2 + (COL - c) ** 2 < 3.3**2
            land = disc & ((start == UNUSED) | (start == GRASSLAND)) & (slope < 0.045)
            near = all((r - a) ** 2 + (c - b) ** 2 >= 49 for a, b in placed)
            grouped = not placed or min((r - a) ** 2 + (c - b) ** 2 for a, b in placed) < 14**2
            if near and grouped and land.sum() >= 0.85 * disc.sum():
                cover[land] = CROPLAND
                placed.append((r, c))
            if len(placed) == 7:
                break
    moved = cover != start
    quiet = majority(cover, (start == WATER) | (start == IMPERVIOUS), 1)
    # Smoothing touches only the neighbourhood of what changed.
    return np.where(dilated(moved), quiet, start)


# Counties

def make_counties(region, elevation):
    """County number (1, 2, ...) of each cell of the region and of two cells around it; 0 elsewhere."""
    slope, _ = slope_of(elevation)
    cost = 1.0 + 6.0 * slope + 2.5 * noise(70, 18, 4)
    seats = [row * COLS + col for _, row, col in COUNTIES]
    _, _, owner = cost_distance(seats, cost)
    wanted = dilated(region, 2)
    counties = np.zeros((ROWS, COLS), int)
    for number, seat in enumerate(seats):
        counties[connected(wanted & (owner == number), seat)] = number + 1
    # Cells cut off from their seat go to the county beside them.
    while (wanted & (counties == 0)).any():
        for dr, dc in ((-1, 0), (0, -1), (0, 1), (1, 0)):
            counties = np.where(wanted & (counties == 0), shifted(counties, dr, dc), counties)
    return counties


def county_arcs(counties):
    """Boundary lines between counties, cut where three meet, as lists of corner points (row, column)."""
    padded = np.pad(counties, 1)
    links = {}
    for r in range(ROWS + 1):
        for c in range(COLS + 1):
            here = padded[r + 1, c + 1]
            if here != padded[r, c + 1] and c < COLS:  # the edge above cell (r, c)
                links.setdefault((r, c), []).append((r, c + 1))
                links.setdefault((r, c + 1), []).append((r, c))
            if here != padded[r + 1, c] and r < ROWS:  # the edge left of it
                links.setdefault((r, c), []).append((r + 1, c))
                links.setdefault((r + 1, c), []).append((r, c))
    nodes = {point for point, ends in links.items() if len(ends) != 2}
    arcs, used = [], set()
    for start in sorted(nodes):
        for following in links[start]:
            if (start, following) in used:
                continue
            arc = [start, following]
            while arc[-1] not in nodes:
                a, b = links[arc[-1]]
                arc.append(b if a == arc[-2] else a)
            used.update(((start, following), (arc[-1], arc[-2])))
            arcs.append(arc)
    return arcs


def simplified(line, tolerance):
    """Douglas-Peucker; the ends stay."""
    (r0, c0), (r1, c1) = line[0], line[-1]
    length = math.sqrt((r1 - r0) ** 2 + (c1 - c0) ** 2)
    worst, where = 0.0, 0
    for i in range(1, len(line) - 1):
        r, c = line[i]
        if length > 0.0:
            off = abs((r1 - r0) * (c - c0) - (c1 - c0) * (r - r0)) / length
        else:
            off = math.sqrt((r - r0) ** 2 + (c - c0) ** 2)
        if off > worst:
            worst, where = off, i
    if worst <= tolerance:
        return [line[0], line[-1]]
    return simplified(line[:where + 1], tolerance)[:-1] + simplified(line[where:], tolerance)


def county_polygons(counties):
    """Polygon of each county; neighbours share their boundary exactly."""
    lines = ogr.Geometry(ogr.wkbMultiLineString)
    for arc in county_arcs(counties):
        line = ogr.Geometry(ogr.wkbLineString)
        for r, c in simplified(arc, 1.2):
            line.AddPoint_2D(WEST + CELL * c, NORTH - CELL * r)
        lines.AddGeometry(line)
    faces = lines.Polygonize()
    polygons = {}
    for i in range(faces.GetGeometryCount()):
        face = faces.GetGeometryRef(i)
        inside = face.PointOnSurface()
        row, col = int((NORTH - inside.GetY()) / CELL), int((inside.GetX() - WEST) / CELL)
        number = int(counties[row, col])
        if number == 0 or number in polygons:
            raise SystemExit("make_sample_region.py: a county is in pieces; move the seats in COUNTIES")
        polygons[number] = face.Clone()
    if len(polygons) != len(COUNTIES):
        raise SystemExit("make_sample_region.py: a county has no polygon; move the seats in COUNTIES")
    return [polygons[number] for number in range(1, len(COUNTIES) + 1)]


def write_zones(path, polygons):
    """GeoJSON in longitude and latitude with one layer, zones."""
    to_degrees = osr.CoordinateTransformation(projection(32649), projection(4326))
    source = ogr.GetDriverByName("GeoJSON").CreateDataSource(path)
    layer = source.CreateLayer("zones", projection(4326), ogr.wkbPolygon, ["COORDINATE_PRECISION=7", "RFC7946=YES"])
    layer.CreateField(ogr.FieldDefn("code", ogr.OFTInteger))
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    layer.CreateField(ogr.FieldDefn("area_ha", ogr.OFTReal))
    for number, ((name, _, _), polygon) in enumerate(zip(COUNTIES, polygons), 1):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["code"], feature["name"], feature["area_ha"] = number, name, round(polygon.GetArea() / 1e4, 2)
        polygon.Transform(to_degrees)
        feature.SetGeometry(polygon)
        layer.CreateFeature(feature)
    layer = source = feature = None


# Files

def projection(code):
    """Coordinate system of an EPSG code, x before y."""
    system = osr.SpatialReference()
    system.ImportFromEPSG(code)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def dress_classes(band):
    """Colours, class names and NoData of a land-cover band."""
    colours = gdal.ColorTable()
    colours.SetColorEntry(0, (0, 0, 0, 0))
    for code, _, colour in CLASSES:
        colours.SetColorEntry(code, tuple(int(colour[i:i + 2], 16) for i in (1, 3, 5)) + (255,))
    band.SetColorTable(colours)
    band.SetColorInterpretation(gdal.GCI_PaletteIndex)
    band.SetNoDataValue(0)
    band.SetCategoryNames([""] + [name for _, name, _ in CLASSES])


def write_raster(path, values, kind, nodata, options=()):
    """One-band GeoTIFF on the projected grid; nodata None marks a land-cover raster."""
    options = ["COMPRESS=DEFLATE", "ZLEVEL=9", "TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", *options]
    raster = gdal.GetDriverByName("GTiff").Create(path, COLS, ROWS, 1, kind, options)
    raster.SetGeoTransform((WEST, CELL, 0.0, NORTH, 0.0, -CELL))
    raster.SetSpatialRef(projection(32649))
    band = raster.GetRasterBand(1)
    if nodata is None:
        dress_classes(band)
    else:
        band.SetNoDataValue(nodata)
        band.SetUnitType("m")
    band.WriteArray(values)


def write_geographic(path, source):
    """The land-cover raster on cells of 0.001 degrees in EPSG:4326, the same grid for all dates, nearest neighbour."""
    gdal.Warp(path, source, dstSRS="EPSG:4326", outputBounds=GEOGRAPHIC_BOUNDS, xRes=0.001, yRes=0.001,
              resampleAlg="near", errorThreshold=0.0, srcNodata=0, dstNodata=0,
              creationOptions=["COMPRESS=DEFLATE", "ZLEVEL=9", "TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"])
    raster = gdal.Open(path, gdal.GA_Update)
    raster.GetRasterBand(1).SetCategoryNames([""] + [name for _, name, _ in CLASSES])


def write_style(path):
    """QGIS style of a land-cover raster: only the six classes (a colour table alone gives 256 entries)."""
    entries = ['        <paletteEntry value="%d" color="%s" label="%s" alpha="255"/>' % (code, colour, name)
               for code, name, colour in CLASSES]
    lines = ["<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>",
             '<qgis version="3.22" styleCategories="Symbology">', "  <pipe>",
             '    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">',
             "      <colorPalette>", *entries, "      </colorPalette>", "    </rasterrenderer>", "  </pipe>", "</qgis>"]
    with open(path, "w", encoding="utf-8", newline="") as stream:
        stream.write("\n".join(lines) + "\n")


def write_csv(path, rows):
    """UTF-8, comma, line feed."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def read_csv(name):
    """Rows of a coefficient table of the toolbox by their class code."""
    with open(os.path.join(REPOSITORY, "metadata", "tables", name), encoding="utf-8", newline="") as stream:
        return {int(row["class"]): row for row in csv.DictReader(stream)}


def write_tables(folder):
    """The class, pools and factors tables."""
    grades = read_csv("land_use_intensity_grades.csv")
    write_csv(os.path.join(folder, "classes.csv"),
              [("class", "name", "colour", "grade")] + [(*row, grades[row[0]]["grade"]) for row in CLASSES])
    factors = read_csv("muus_emission_factors.csv")
    write_csv(os.path.join(folder, "factors.csv"),
              [("class", "name", "factor")] + [(code, name, OWN_FACTORS.get(code, factors[code]["factor"]))
                                               for code, name, _ in CLASSES])
    pools = read_csv("beibu_carbon_pools.csv")
    names = list(POOLS_RELATIVE_SD)
    rows = [["class", "name"] + ["c_" + pool for pool in names] + ["sd_" + pool for pool in names]]
    for code, name, _ in CLASSES:
        densities = [pools[POOLS_ROW[code]]["c_" + pool] for pool in names]
        spread = ["%.1f" % (float(d) * POOLS_RELATIVE_SD[pool]) for d, pool in zip(densities, names)]
        rows.append([code, name] + densities + spread)
    write_csv(os.path.join(folder, "pools.csv"), rows)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(REPOSITORY, "metadata", "sample")
    geographic = os.path.join(folder, "geographic")
    os.makedirs(geographic, exist_ok=True)
    names = ["landcover_%d.tif" % year for year in YEARS]
    rasters = [os.path.join(where, name) for where in (folder, geographic) for name in names]
    rasters.append(os.path.join(folder, "elevation.tif"))
    zones = os.path.join(folder, "zones.geojson")
    for old in rasters + [raster + ".aux.xml" for raster in rasters] + [zones]:
        if os.path.exists(old):
            os.remove(old)

    elevation, region, covers = make_land_cover()
    for name, cover in zip(names, covers):
        write_raster(os.path.join(folder, name), cover, gdal.GDT_Byte, None)
        write_geographic(os.path.join(geographic, name), os.path.join(folder, name))
        for where in (folder, geographic):
            write_style(os.path.join(where, name.replace(".tif", ".qml")))
    # Half metres are exact in binary and compress well.
    metres = np.where(region, np.floor(elevation * 2.0 + 0.5) / 2.0, -9999.0).astype(np.float32)
    write_raster(os.path.join(folder, "elevation.tif"), metres, gdal.GDT_Float32, -9999.0, ["PREDICTOR=3"])
    write_zones(zones, county_polygons(make_counties(region, elevation)))
    write_tables(folder)


if __name__ == "__main__":
    main()
