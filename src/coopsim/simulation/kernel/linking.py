"""The functions of SciPy that compiled code calls: their names there, and where they are found.

Code is compiled against a name alone. Whoever compiles it, or loads it, links first, so that LLVM
finds what bears the name.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from functools import cache

import llvmlite.binding as llvm

NDTRI, NDTR = "coopsim_ndtri", "coopsim_ndtr"
_EXPORTED = {NDTRI: "ndtri", NDTR: "__pyx_fuse_1ndtr"}


@cache
def link() -> None:
    """Register SciPy's functions with LLVM: the same machine code, the same bits."""
    from scipy.special import cython_special  # noqa: PLC0415  # slow to import

    address = ctypes.pythonapi.PyCapsule_GetPointer
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    name = ctypes.pythonapi.PyCapsule_GetName
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    capsules: Mapping[str, object] = cython_special.__pyx_capi__
    for symbol, exported in _EXPORTED.items():
        capsule = capsules[exported]
        llvm.add_symbol(symbol, address(capsule, name(capsule)))
