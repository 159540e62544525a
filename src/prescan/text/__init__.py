"""The text as rules read it: views with offset maps, document anatomy, Chinese word segmentation."""
