"""The normal distribution function and its quantiles, those of SciPy to the last bit.

SciPy takes a quarter of a second to import. These are the same approximations in the same order of
operations. Source: S. L. Moshier, Cephes Math Library 2.2 (ndtr.c, ndtri.c), 1992.
"""

from __future__ import annotations

import math
from typing import TypeAlias

Coefficients: TypeAlias = tuple[float, ...]

_SQRT_HALF = math.sqrt(0.5)
_SQRT_2PI = 2.50662827463100050242
_OUTSIDE = 0.13533528323661269189  # exp(-2): the probability from which on the middle begins
_FAR = 8.0  # beyond which other coefficients hold
_MOST_EXPONENT = 709.782712893384  # log of the largest float

# Coefficients of rational functions, above and below the stroke, the highest power first; the
# highest below is 1, and left out.
_MIDDLE_ABOVE: Coefficients = (
    -5.99633501014107895267e1, 9.80010754185999661536e1, -5.66762857469070293439e1,
    1.39312609387279679503e1, -1.23916583867381258016e0,
)  # fmt: skip
_MIDDLE_BELOW: Coefficients = (
    1.95448858338141759834e0, 4.67627912898881538453e0, 8.63602421390890590575e1,
    -2.25462687854119370527e2, 2.00260212380060660359e2, -8.20372256168333339912e1,
    1.59056225126211695515e1, -1.18331621121330003142e0,
)  # fmt: skip
_TAIL_ABOVE: Coefficients = (
    4.05544892305962419923e0, 3.15251094599893866154e1, 5.71628192246421288162e1,
    4.40805073893200834700e1, 1.46849561928858024014e1, 2.18663306850790267539e0,
    -1.40256079171354495875e-1, -3.50424626827848203418e-2, -8.57456785154685413611e-4,
)  # fmt: skip
_TAIL_BELOW: Coefficients = (
    1.57799883256466749731e1, 4.53907635128879210584e1, 4.13172038254672030440e1,
    1.50425385692907503408e1, 2.50464946208309415979e0, -1.42182922854787788574e-1,
    -3.80806407691578277194e-2, -9.33259480895457427372e-4,
)  # fmt: skip
_FAR_TAIL_ABOVE: Coefficients = (
    3.23774891776946035970e0, 6.91522889068984211695e0, 3.93881025292474443415e0,
    1.33303460815807542389e0, 2.01485389549179081538e-1, 1.23716634817820021358e-2,
    3.01581553508235416007e-4, 2.65806974686737550832e-6, 6.23974539184983293730e-9,
)  # fmt: skip
_FAR_TAIL_BELOW: Coefficients = (
    6.02427039364742014255e0, 3.67983563856160859403e0, 1.37702099489081330271e0,
    2.16236993594496635890e-1, 1.34204006088543189037e-2, 3.28014464682127739104e-4,
    2.89247864745380683936e-6, 6.79019408009981274425e-9,
)  # fmt: skip
_ERF_ABOVE: Coefficients = (
    9.60497373987051638749e0, 9.00260197203842689217e1, 2.23200534594684319226e3,
    7.00332514112805075473e3, 5.55923013010394962768e4,
)  # fmt: skip
_ERF_BELOW: Coefficients = (
    3.35617141647503099647e1, 5.21357949780152679795e2, 4.59432382970980127987e3,
    2.26290000613890934246e4, 4.92673942608635921086e4,
)  # fmt: skip
_ERFC_ABOVE: Coefficients = (
    2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0,
    4.86371970985681366614e1, 1.96520832956077098242e2, 5.26445194995477358631e2,
    9.34528527171957607540e2, 1.02755188689515710272e3, 5.57535335369399327526e2,
)  # fmt: skip
_ERFC_BELOW: Coefficients = (
    1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2,
    9.75708501743205489753e2, 1.82390916687909736289e3, 2.24633760818710981792e3,
    1.65666309194161350182e3, 5.57535340817727675546e2,
)  # fmt: skip
_FAR_ERFC_ABOVE: Coefficients = (
    5.64189583547755073984e-1, 1.27536670759978104416e0, 5.01905042251180477414e0,
    6.16021097993053585195e0, 7.40974269950448939160e0, 2.97886665372100240670e0,
)  # fmt: skip
_FAR_ERFC_BELOW: Coefficients = (
    2.26052863220117276590e0, 9.39603524938001434673e0, 1.20489539808096656605e1,
    1.70814450747565897222e1, 9.60896809063285878198e0, 3.36907645100081516050e0,
)  # fmt: skip


def ndtr(z: float) -> float:
    """Get the standard normal distribution function."""
    x = z * _SQRT_HALF
    size = abs(x)
    if size < 1.0:
        return 0.5 + 0.5 * ratio(x * x, _ERF_ABOVE, _ERF_BELOW, x)
    beyond = 0.5 * erfc(size)
    return 1.0 - beyond if x > 0.0 else beyond


def erfc(x: float) -> float:
    """Get the complementary error function from 1 on."""
    square = x * x
    if square > _MOST_EXPONENT:
        return 0.0
    scale = math.exp(-square)
    if x < _FAR:
        return ratio(x, _ERFC_ABOVE, _ERFC_BELOW, scale)
    return ratio(x, _FAR_ERFC_ABOVE, _FAR_ERFC_BELOW, scale)


def ndtri(u: float) -> float:
    """Get the quantile of the standard normal distribution, for u in (0, 1)."""
    return middle_ndtri(u) if in_middle(u) else tail_ndtri(u)


def in_middle(u: float) -> bool:
    """Check whether `middle_ndtri` gives the quantile at u; else `tail_ndtri` does."""
    return (u > _OUTSIDE) & (u <= 1.0 - _OUTSIDE)


def middle_ndtri(u: float) -> float:
    """Get a normal quantile in the middle."""
    y = u - 0.5
    square = y * y
    return (y + y * ratio(square, _MIDDLE_ABOVE, _MIDDLE_BELOW, square)) * _SQRT_2PI


def tail_ndtri(u: float) -> float:
    """Get a normal quantile in a tail."""
    return tail_at(tail_distance(u), u)


def tail_distance(u: float) -> float:
    """Find about how far out a quantile in a tail lies."""
    return math.sqrt(-2.0 * math.log(1.0 - u if u > 0.5 else u))


def tail_at(x: float, u: float) -> float:
    """Get a normal quantile in a tail, which lies about so far out."""
    z = 1.0 / x
    if x < _FAR:
        rest = ratio(z, _TAIL_ABOVE, _TAIL_BELOW, z)
    else:
        rest = ratio(z, _FAR_TAIL_ABOVE, _FAR_TAIL_BELOW, z)
    found = x - math.log(x) / x - rest
    return found if u > 0.5 else -found


def ratio(x: float, above: Coefficients, below: Coefficients, scale: float) -> float:
    """Evaluate a rational function of these coefficients, times a scale."""
    numerator = above[0]
    for coefficient in above[1:]:
        numerator = numerator * x + coefficient
    denominator = x + below[0]
    for coefficient in below[1:]:
        denominator = denominator * x + coefficient
    return scale * numerator / denominator
