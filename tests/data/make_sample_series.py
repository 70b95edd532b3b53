#!/usr/bin/python3
# Land Carbon Toolbox: makes the yearly rasters of the sample region in metadata/sample/series.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make twenty years of climate and net primary productivity for the sample region, on cells of 300 m.

Usage: make_sample_series.py [SAMPLE_FOLDER]        (default: metadata/sample of this repository)

Run make_sample_region.py first: land cover and elevation come from there. Two runs give the same bytes; cell values are
the same on any machine (see there). What is planted, so that a test can look for it:
- productivity rises by 6 g C/m2 a year where planted.tif is 1, falls by 5 where it is 2, and has no trend where it is 3;
- productivity follows each year's rain, by 0.4 g C/m2 for a millimetre, and hardly its temperature or radiation.
"""

import os
import sys

import numpy as np
from osgeo import gdal

import make_sample_region as region

YEARS = range(2001, 2021)
FACTOR = 3
ROWS, COLS = region.ROWS // FACTOR, region.COLS // FACTOR
# g C/m2 a year by class of land cover; water and unused land hardly grow anything.
GROWTH = {region.CROPLAND: 430.0, region.FOREST: 620.0, region.GRASSLAND: 340.0, region.WATER: 0.0,
          region.IMPERVIOUS: 120.0, region.UNUSED: 70.0}
RAIN, WARMTH = 0.4, 1.5  # g C/m2 for 1 mm, for 1 degree
RISING, FALLING, STEADY = 1, 2, 3
TREND = {RISING: 6.0, FALLING: -5.0, STEADY: 0.0}
FILL = 32767  # MOD17A3HGF: no vegetation computed


def coarse(values):
    """The centre cell of each 3 x 3 cells."""
    return values[1:ROWS * FACTOR:FACTOR, 1:COLS * FACTOR:FACTOR]


def read(path):
    return gdal.Open(path).ReadAsArray()


def anomalies(seed, spread):
    """One number a year, without trend: its mean and its correlation with the year are zero."""
    random = np.random.RandomState(seed).random_sample((len(YEARS), 4)).sum(axis=1) - 2.0
    t = np.arange(len(YEARS)) - (len(YEARS) - 1) / 2.0
    random = random - random.mean()
    random = random - t * ((random * t).sum() / (t * t).sum())
    return random / np.sqrt((random * random).mean()) * spread


def write(path, bands, kind, nodata, names, unit, scale=None, cover=False):
    options = ["COMPRESS=DEFLATE", "ZLEVEL=9", "PREDICTOR=2", "INTERLEAVE=BAND"]
    raster = gdal.GetDriverByName("GTiff").Create(path, COLS, ROWS, len(bands), kind, options)
    size = region.CELL * FACTOR
    raster.SetGeoTransform((region.WEST, size, 0.0, region.NORTH, 0.0, -size))
    raster.SetSpatialRef(region.projection(32649))
    for number, (values, name) in enumerate(zip(bands, names), 1):
        band = raster.GetRasterBand(number)
        if cover:
            region.dress_classes(band)
        elif nodata is not None:
            band.SetNoDataValue(nodata)
        if name:
            band.SetDescription(name)
        if unit:
            band.SetUnitType(unit)
        if scale is not None:
            band.SetScale(scale)
        band.WriteArray(values)
    raster.FlushCache()


def rounded(values):
    return np.floor(values + 0.5)


def main():
    sample = sys.argv[1] if len(sys.argv) > 1 else os.path.join(region.REPOSITORY, "metadata", "sample")
    folder = os.path.join(sample, "series")
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))

    cover = coarse(read(os.path.join(sample, "landcover_2020.tif")))
    height = coarse(read(os.path.join(sample, "elevation.tif")).astype(float))
    inside = cover != 0
    years = [str(year) for year in YEARS]
    t = np.arange(len(YEARS)) - (len(YEARS) - 1) / 2.0
    column = np.arange(COLS)[None, :] + np.zeros((ROWS, 1))
    planted = np.where(column < COLS * 0.4, RISING, np.where(column < COLS * 0.7, STEADY, FALLING))

    rain_years, warm_years, sun_years = anomalies(11, 60.0), anomalies(12, 0.6), anomalies(13, 90.0)
    lift = (height - 1100.0) / 100.0
    pattern = coarse(region.noise(21, 80.0, 3))
    grain = [coarse(region.noise(100 + k, 30.0, 2)) - 0.5 for k in range(3 * len(YEARS))]
    temperature, rain, sun, npp = [], [], [], []
    growth = np.zeros(cover.shape)
    for code, amount in GROWTH.items():
        growth = np.where(cover == code, amount, growth)
    for k in range(len(YEARS)):
        warm = 8.4 - 0.6 * lift + warm_years[k] + 0.4 * grain[k]
        wet = 380.0 + 25.0 * lift + 60.0 * pattern + rain_years[k] + 30.0 * grain[len(YEARS) + k]
        bright = 5400.0 - 20.0 * lift + sun_years[k] + 60.0 * grain[2 * len(YEARS) + k]
        slope = np.zeros(cover.shape)
        for code, rate in TREND.items():
            slope = np.where(planted == code, rate, slope)
        chance = np.random.RandomState(500 + k).random_sample(cover.shape) * 16.0 - 8.0
        grown = growth + slope * t[k] + RAIN * (wet - 400.0) + WARMTH * (warm - 8.0) + chance
        temperature.append(rounded(warm * 10.0))
        rain.append(rounded(wet))
        sun.append(rounded(bright))
        npp.append(np.where(growth > 0.0, np.clip(rounded(grown * 10.0), 0.0, 32700.0), FILL))
    none = -32768
    masked = lambda stack: [np.where(inside, layer, none).astype(np.int16) for layer in stack]
    write(os.path.join(folder, "temperature.tif"), masked(temperature), gdal.GDT_Int16, none, years, "degrees C", 0.1)
    write(os.path.join(folder, "precipitation.tif"), masked(rain), gdal.GDT_Int16, none, years, "mm")
    write(os.path.join(folder, "radiation.tif"), masked(sun), gdal.GDT_Int16, none, years, "MJ/m2")
    write(os.path.join(folder, "npp.tif"), [np.where(inside, layer, FILL).astype(np.int16) for layer in npp],
          gdal.GDT_Int16, FILL, years, "0.0001 kg C/m2")
    write(os.path.join(folder, "landcover.tif"), [cover], gdal.GDT_Byte, None, [""], None, cover=True)
    region.write_style(os.path.join(folder, "landcover.qml"))
    write(os.path.join(folder, "planted.tif"), [np.where(inside & (growth > 0.0), planted, 0).astype(np.uint8)],
          gdal.GDT_Byte, 0, [""], None)


if __name__ == "__main__":
    main()
