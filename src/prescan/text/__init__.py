"""What rules read: views with offset maps, document anatomy, Chinese segmentation."""
