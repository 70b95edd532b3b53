#!/usr/bin/python3
# Land Carbon Toolbox: a local file opens no network, writes nothing and does not hang, whatever it holds.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every file here asks for something else than its own data: a server on loopback, a pipe, another database. A server
listens and counts who comes; `no_proxy` is set, so that no proxy setting can be what keeps GDAL away. LANDCARBON_COMMAND
names the binary, LANDCARBON_SOURCE the project."""

import html
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import unittest

from osgeo import gdal

gdal.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
SAMPLE = pathlib.Path(os.environ["LANDCARBON_SOURCE"]) / "metadata/sample"
SECONDS = 60


class LocalFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon local ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.server.setblocking(False)
        self.port = self.server.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"

    def text(self, name, content):
        path = self.folder / name
        path.write_text(content)
        return path

    def run_command(self, *words):
        environment = {**os.environ, "no_proxy": "*", "NO_PROXY": "127.0.0.1,*"}
        return subprocess.run([COMMAND, *map(str, words), "--quiet"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=SECONDS, cwd=self.folder, env=environment)

    def read(self, kind, path):
        """Runs an algorithm that reads `path` as a raster, a table or a layer, and writes nothing but its output."""
        before = self.snapshot()
        made = self.folder / "made"
        made.mkdir(exist_ok=True)
        if kind == "raster":
            words = ("carbon-emission", "--land-cover", path, "--factors", SAMPLE / "factors.csv", "--emission-map",
                     made / "map.tif")
        elif kind == "table":
            words = ("carbon-emission", "--land-cover", SAMPLE / "landcover_2020.tif", "--factors", path,
                     "--emission-map", made / "map.tif")
        else:
            words = ("land-use-intensity", "--land-cover", SAMPLE / "landcover_2020.tif", "--classes",
                     SAMPLE / "classes.csv", "--zones", path, "--intensity", made / "zones.gpkg")
        result = self.run_command(*words)
        shutil.rmtree(made)
        self.assertEqual(self.snapshot(), before, "files were made or changed beside the input")
        with self.assertRaises(BlockingIOError, msg="somebody came to the server"):
            self.server.accept()
        return result

    def snapshot(self):
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in self.folder.rglob("*")
                if path.is_file() or path.is_fifo()}

    def refuses(self, kind, path, naming=""):
        with self.subTest(kind=kind, path=str(path)[:80]):
            result = self.read(kind, path)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertRegex(result.stderr, "^ERROR 4: ")
            self.assertIn(naming, result.stderr)
            self.assertNotIn("internal error", result.stderr)

    def accepts(self, kind, path):
        with self.subTest(kind=kind, path=str(path)[:80]):
            result = self.read(kind, path)
            self.assertEqual(result.returncode, 0, result.stderr)

    def raster_vrt(self, name, source, more=""):
        return self.text(name, self.raster_vrt_text(source, more))

    @staticmethod
    def raster_vrt_text(source, more=""):
        return ('<VRTDataset rasterXSize="3" rasterYSize="2"><SRS>EPSG:32649</SRS><GeoTransform>0,1,0,0,0,-1'
                f'</GeoTransform>{more}<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>'
                f"{html.escape(str(source))}</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
                "</VRTDataset>")

    def layer_vrt(self, name, source, layer="<SrcLayer>t</SrcLayer>"):
        return self.text(name, f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{html.escape(str(source))}'
                               f"</SrcDataSource>{layer}</OGRVRTLayer></OGRVRTDataSource>")

    def database(self, name="factors.sqlite"):
        path = self.folder / name
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE t (class INTEGER, factor REAL)")
            database.executemany("INSERT INTO t VALUES (?, 1)", [(code,) for code in range(1, 7)])
        database.close()
        return path

    # Servers

    def test_raster_vrt_names_a_server(self):
        service = self.text("service.xml", f"<GDAL_WMS><Service name='TMS'><ServerUrl>http://{self.host}/${{z}}"
                            "</ServerUrl></Service><DataWindow><UpperLeftX>0</UpperLeftX><UpperLeftY>1</UpperLeftY>"
                            "<LowerRightX>1</LowerRightX><LowerRightY>0</LowerRightY><TileLevel>1</TileLevel>"
                            "</DataWindow><Projection>EPSG:32649</Projection></GDAL_WMS>")
        self.refuses("raster", service)
        http = f"http://{self.host}/a"
        inner = self.raster_vrt("inner.vrt", f"/vsicurl/{http}.tif")
        sources = [f"PG:host=127.0.0.1 port={self.port} dbname=x table=y mode=2", f'NETCDF:"{http}.nc":v', f"{http}.nc",
                   f'HDF5:"{http}.h5"://v', f"WMS:{http}?", f"/vsicurl/{http}.tif", f"/vsicurl_streaming/{http}.tif",
                   f"/vsizip//vsicurl/{http}.zip/a.tif", f"/vsizip/{{/vsicurl/{http}.zip}}/a.tif",
                   f'ZARR:"/vsicurl/{http}"', f"WCS:{http}?", f"WMTS:{http}", f"OGCAPI:{http}", f'STACTA:"{http}"',
                   f'STACIT:"{http}"', f"vrt:///vsicurl/{http}.tif?bands=1", f"/vsis3/bucket/a.tif", service, inner,
                   service.read_text(), self.raster_vrt_text(f"/vsicurl/{http}.tif"), f"DERIVED_SUBDATASET:AMPLITUDE:{http}"]
        for number, source in enumerate(sources):
            self.refuses("raster", self.raster_vrt(f"{number}.vrt", source), naming=f"{number}.vrt")
        shutil.copy(self.folder / "5.vrt", self.folder / "a map.tif")  # whatever its name
        self.refuses("raster", self.folder / "a map.tif")

    def test_layer_vrt_names_a_server(self):
        http = f"http://{self.host}"
        for number, source in enumerate([
                f"PG:host=127.0.0.1 port={self.port} dbname=x", f"MYSQL:x,host=127.0.0.1,port={self.port}", f"WFS:{http}/",
                f"ES:{http}", f"{http}/a.geojson", f"OAPIF:{http}", f"MSSQL:server=127.0.0.1,{self.port};database=x",
                f"CSW:{http}", f"ODBC:DSN=x", f"/vsicurl/{http}/a.csv", f"NETCDF:{http}/a.nc"]):
            vrt = self.layer_vrt(f"{number}.vrt", source)
            self.refuses("table", vrt, naming=f"{number}.vrt")
            self.refuses("zones", vrt)

    def test_metadata_names_a_server(self):
        address = f"PG:host=127.0.0.1 port={self.port} dbname=x table=y"
        for domain, item in (("OVERVIEWS", "OVERVIEW_FILE"), ("GEOLOCATION", "X_DATASET")):
            path = self.folder / f"{domain}.tif"
            shutil.copy(SAMPLE / "landcover_2020.tif", path)
            self.text(f"{domain}.tif.aux.xml", f'<PAMDataset><Metadata domain="{domain}"><MDI key="{item}">{address}'
                                               "</MDI></Metadata></PAMDataset>")
            self.refuses("raster", path, naming=domain)
            self.refuses("raster", self.raster_vrt(f"{domain}.vrt", SAMPLE / "landcover_2020.tif",
                         f'<Metadata domain="{domain}"><MDI key="{item}">{address}</MDI></Metadata>'))

    def test_database_names_a_server(self):
        path = self.database()
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA writable_schema=ON")
            statement = f"CREATE VIRTUAL TABLE v USING VirtualOGR('PG:host=127.0.0.1 port={self.port} dbname=x', 0, 't', 0, 0)"
            database.execute("INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'v', 'v', 0, ?)",
                             (statement,))
        database.close()
        self.refuses("table", f"{path}|layername=v")
        path = self.database("view.sqlite")
        with sqlite3.connect(path) as database:
            database.execute(f"CREATE VIEW v AS SELECT class, ogr_geocode('x', 'geometry', 'server=http://{self.host}/%s') "
                             "AS factor FROM t")
        database.close()
        self.refuses("table", f"{path}|layername=v")

    # Writing

    def test_statements_of_a_vrt(self):
        database = self.database()
        target = self.folder / "made by a statement.sqlite"
        for number, statement in enumerate([
                f"VACUUM INTO '{target}'", f"ATTACH '{target}' AS x", "DROP TABLE t", f"SELECT 1; VACUUM INTO '{target}'",
                "SELECT ogr_geocode('x') AS factor, class FROM t", 'SELECT "ogr_geocode"(1) AS factor, class FROM t',
                "PRAGMA user_version=7", f"SELECT * FROM 'PG:host=127.0.0.1 port={self.port} dbname=x'.t",
                f'SELECT t.class FROM t LEFT JOIN "PG:host=127.0.0.1 port={self.port} dbname=x".u ON t.class = u.class',
                "SELECT class, factor FROM elsewhere.t", "SELECT class FROM t, (SELECT 1 AS a FROM t), elsewhere.t",
                "SELECT class, /* ' */ ogr_geocode('x') AS factor /* ' */ FROM t", "SELECT class, factor FROM t -- x",
                f"SELECT class, 'a\\'' AS b FROM 'PG:host=127.0.0.1 port={self.port} dbname=x'.t WHERE 'x' = 'x'", "SELECT load_extension('x')", "SELECT 'a", "WITH x AS (SELECT 1) DELETE FROM t"]):
            for dialect in ("", ' dialect="SQLITE"'):
                vrt = self.layer_vrt(f"{number}.vrt", database, f"<SrcSQL{dialect}>{html.escape(statement)}</SrcSQL>")
                self.refuses("table", vrt, naming="SrcSQL")
        self.accepts("table", self.layer_vrt("good.vrt", database,
                                             "<SrcSQL>SELECT class, avg (factor) AS factor FROM t GROUP BY class</SrcSQL>"))

        self.accepts("table", self.layer_vrt("joined.vrt", database,
                                             '<SrcSQL>SELECT "t"."class", t.factor FROM t LEFT JOIN t AS u ON t.class = '
                                             "u.class WHERE t.factor &gt; 0.5</SrcSQL>"))

    def test_open_options_of_sources(self):
        database = self.database()
        target = self.folder / "made by an option.sqlite"
        for key, value in (("PRELUDE_STATEMENTS", f"ATTACH DATABASE '{target}' AS x; CREATE TABLE x.a (b)"),
                           ("GFS_TEMPLATE", "/dev/zero"), ("XSD", "/dev/zero"), ("DOWNLOAD_SCHEMA", "YES")):
            options = f'<OpenOptions><OOI key="{key}">{html.escape(value)}</OOI></OpenOptions>'
            self.refuses("table", self.layer_vrt(f"{key}.vrt", database, options + "<SrcLayer>t</SrcLayer>"), naming=key)
        grid = self.folder / "map.gpkg"
        gdal.Translate(str(grid), str(SAMPLE / "landcover_2020.tif"), format="GPKG")
        statement = f"oo=PRELUDE_STATEMENTS=ATTACH DATABASE '{target}' AS x"
        for words in (statement, "bands=1&" + statement, "if=GPKG", f"a_srs=http://{self.host}/crs", "a_srs=/dev/zero"):
            self.refuses("raster", f"vrt://{grid}?{words}")
            self.refuses("raster", self.raster_vrt("option.vrt", f"vrt://{grid}?{words}"))
        self.accepts("raster", f"vrt://{grid}?bands=1")

    def test_gml_without_a_schema(self):
        rows = "".join(f'<gml:featureMember><ogr:t fid="{code}"><ogr:class>{code}</ogr:class><ogr:factor>1</ogr:factor></ogr:t>'
                       "</gml:featureMember>" for code in range(1, 7))
        path = self.text("a.gml", '<?xml version="1.0"?><ogr:FeatureCollection xmlns:xsi="http://www.w3.org/2001/'
                         f'XMLSchema-instance" xsi:schemaLocation="http://ogr.maptools.org/ http://{self.host}/a.xsd" '
                         'xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">'
                         f"{rows}</ogr:FeatureCollection>")
        self.accepts("table", path)
        self.refuses("table", self.layer_vrt("gml.vrt", path), naming="a.gml")

    def test_logs_of_databases(self):
        """A log that a living program holds is read; one that a killed program left would be put into the database."""
        program = ("import os, sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('PRAGMA journal_mode=WAL'); "
                   "d.execute('CREATE TABLE t (class INTEGER, factor REAL)'); "
                   "d.executemany('INSERT INTO t VALUES (?, 1)', [(code,) for code in range(1, 7)]); d.commit(); "
                   "print('made', flush=True); sys.stdin.readline(); os._exit(0)")
        path = self.folder / "live.sqlite"
        with subprocess.Popen(["/usr/bin/python3", "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            holder.stdout.readline()
            words = ("carbon-emission", "--land-cover", SAMPLE / "landcover_2020.tif", "--factors", path, "--emission-map")
            before = path.read_bytes()
            result = self.run_command(*words, "live.tif")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(path.read_bytes(), before)
            holder.communicate(b"\n")
        self.assertTrue((self.folder / "live.sqlite-wal").stat().st_size)
        self.refuses("table", path, naming="live.sqlite-wal")
        self.refuses("table", self.layer_vrt("log.vrt", path), naming="live.sqlite-wal")

    def test_nothing_is_kept_beside_a_database(self):
        path = self.folder / "factors.gpkg"
        gdal.VectorTranslate(str(path), str(SAMPLE / "factors.csv"), format="GPKG", layerName="factors")
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA journal_mode=WAL")
        database.close()
        self.accepts("table", path)

    def test_python_in_a_vrt(self):
        python = ("<PixelFunctionType>f</PixelFunctionType><PixelFunctionLanguage>Python</PixelFunctionLanguage>"
                  f"<PixelFunctionCode>import os; os.mkdir('{self.folder}/pwned')</PixelFunctionCode>")
        text = self.raster_vrt_text(SAMPLE / "landcover_2020.tif").replace("<SimpleSource>", python + "<SimpleSource>")
        self.refuses("raster", self.text("python.vrt", text), naming="PixelFunctionLanguage")

    # Pipes

    def test_pipes(self):
        for name in ("pipe.tif", "pipe.csv", "pipe.gpkg", "pipe.zip"):
            os.mkfifo(self.folder / name)
        self.refuses("raster", self.folder / "pipe.tif", naming="no ordinary file")
        self.refuses("raster", f"/vsizip/{self.folder}/pipe.zip/a.tif", naming="no ordinary file")
        self.refuses("raster", f"/vsizip/{{{self.folder}/pipe.zip}}/a.tif", naming="no ordinary file")
        self.refuses("raster", self.raster_vrt("pipe.vrt", self.folder / "pipe.tif"), naming="no ordinary file")
        self.refuses("raster", f"GTIFF_DIR:1:{self.folder}/pipe.tif")
        for name in ("pipe.csv", "pipe.gpkg"):
            self.refuses("table", self.folder / name, naming="no ordinary file")
        self.refuses("zones", self.folder / "pipe.gpkg", naming="no ordinary file")
        for name in ("pipe.xlsx", "pipe.ods"):
            os.mkfifo(self.folder / name)
            self.refuses("table", self.folder / name, naming="no ordinary file")
        # What GDAL, or the reader of tables, would open beside a file.
        shutil.copy(SAMPLE / "landcover_2020.tif", self.folder / "a.tif")
        shutil.copy(SAMPLE / "factors.csv", self.folder / "b.csv")
        os.mkfifo(self.folder / "a.tif.aux.xml")
        os.mkfifo(self.folder / "b.cpg")
        self.refuses("raster", self.folder / "a.tif", naming="a.tif.aux.xml")
        self.refuses("table", self.folder / "b.csv", naming="b.cpg")
        self.refuses("raster", "/vsistdin/")
        self.refuses("table", "/dev/zero")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.folder / "s.tif"))
            self.refuses("raster", self.folder / "s.tif", naming="no ordinary file")
        # Files of the kernel have no size, and some of them (/proc/kmsg) never end.
        self.refuses("table", "/proc/version", naming="no ordinary file")
        self.refuses("raster", "/proc/self/maps", naming="no ordinary file")

    # What people have is read

    def test_ordinary_files_are_read(self):
        good = SAMPLE / "landcover_2020.tif"
        self.accepts("raster", f"GTIFF_DIR:1:{good}")
        for driver, name in (("HFA", "a.img"), ("AAIGrid", "a.asc"), ("netCDF", "a.nc"), ("ENVI", "a.bil"), ("SAGA", "a.sdat"),
                             ("GPKG", "a.gpkg"), ("PNG", "a.png"), ("COG", "c.tif"), ("VRT", "a.vrt"), ("EHdr", "b.bil"),
                             ("Zarr", "a.zarr")):
            if gdal.GetDriverByName(driver):
                gdal.Translate(str(self.folder / name), str(good), format=driver)
                if name == "a.zarr":
                    continue  # a folder
                self.accepts("raster", self.folder / name)
        if (self.folder / "a.zarr").exists():
            self.accepts("raster", self.folder / "a.zarr")
        gdal.BuildVRT(str(self.folder / "mosaic.vrt"), [str(self.folder / "a.img")])
        self.accepts("raster", self.folder / "mosaic.vrt")
        gdal.Warp(str(self.folder / "warped.vrt"), str(good), format="VRT", dstSRS="EPSG:3857")
        self.accepts("raster", self.folder / "warped.vrt")
        subprocess.run(["/usr/bin/python3", "-m", "zipfile", "-c", self.folder / "a.zip", good], check=True)
        self.accepts("raster", f"/vsizip/{self.folder}/a.zip/{good.name}")
        for driver, name in (("GPKG", "f.gpkg"), ("ESRI Shapefile", "f.dbf"), ("XLSX", "f.xlsx"), ("ODS", "f.ods"),
                             ("GeoJSON", "f.json")):
            source = gdal.OpenEx(str(SAMPLE / "factors.csv"), open_options=["AUTODETECT_TYPE=YES"])
            gdal.VectorTranslate(str(self.folder / name), source, format=driver)
            self.accepts("table", self.folder / name)
        self.accepts("table", self.database("g.sqlite"))
        self.accepts("table", self.layer_vrt("f.vrt", self.folder / "f.xlsx", "<SrcLayer>factors</SrcLayer>"))
        for driver, name in (("GPKG", "z.gpkg"), ("ESRI Shapefile", "z.shp"), ("KML", "z.kml"), ("GML", "z.gml"),
                             ("FlatGeobuf", "z.fgb"), ("MapInfo File", "z.tab")):
            gdal.VectorTranslate(str(self.folder / name), str(SAMPLE / "zones.geojson"), format=driver)
            self.accepts("zones", self.folder / name)


if __name__ == "__main__":
    unittest.main()
