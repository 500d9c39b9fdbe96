"""Rules without I/O: masks, polygons, geometry. Standard library, NumPy and pycocotools only."""
