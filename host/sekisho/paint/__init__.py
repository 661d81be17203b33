"""The panel's blocks for eyes other than the extension's. Each painter knows the primitives and no finding."""
