<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <colorPalette>
        <paletteEntry value="1" color="#f2d16b" label="Cropland" alpha="255"/>
        <paletteEntry value="2" color="#2f7d4a" label="Forest land" alpha="255"/>
        <paletteEntry value="3" color="#a9cf72" label="Grassland" alpha="255"/>
        <paletteEntry value="4" color="#3a7fc1" label="Water" alpha="255"/>
        <paletteEntry value="5" color="#c8402f" label="Impervious surface" alpha="255"/>
        <paletteEntry value="6" color="#d8cdbd" label="Unused land" alpha="255"/>
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
