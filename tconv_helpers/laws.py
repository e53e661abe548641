"""Laws that must hold: the dot test, the gradient check, agreement. Takes callables, imports no operator.

Each returns the largest error it measured, so that a notebook can print it, and raises AssertionError
with one sentence where the law does not hold.
"""

import numpy as np

from .words import in_lines


def dot_test(forward, adjoint, x_shape, y_shape, *, dtype=float, seed=0, rtol=1e-10):
    """Return the relative error of ``adjoint`` as the adjoint of ``forward``, measured on random x and y.

    Shapes: forward takes x_shape to y_shape, adjoint back; dtype is a real or complex one.
    Formula: ``<A x, y> = <x, A^H y>``, the definition of the transpose (Eq. 9). With B for ``adjoint``, the
    error is ``|<A x, y> - <x, B y>| / (|A x| |y| + |x| |B y|)``.
    Errors: AssertionError if the error exceeds rtol; ValueError if a callable returns another shape.

    >>> A = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]])
    >>> dot_test(lambda x: A @ x, lambda y: A.T @ y, 3, 2) < 1e-15
    True
    >>> dot_test(lambda x: A @ x, lambda y: A.T @ y[::-1], 3, 2)
    Traceback (most recent call last):
    AssertionError: <A x, y> must equal <x, A^H y>: got ... and ..., relative error ...
    """
    rng = np.random.default_rng(seed)
    x, y = _normal(rng, x_shape, dtype), _normal(rng, y_shape, dtype)
    Ax, Ahy = _shaped("forward", forward(x), y), _shaped("adjoint", adjoint(y), x)
    left, right = np.vdot(y, Ax), np.vdot(Ahy, x)
    scale = np.linalg.norm(Ax) * np.linalg.norm(y) + np.linalg.norm(x) * np.linalg.norm(Ahy)
    error = float(abs(left - right) / scale) if scale else 0.0
    if not error <= rtol:
        raise AssertionError(
            f"<A x, y> must equal <x, A^H y>: got {left:.6g} and {right:.6g}, relative error {error:.2g} "
            f"above rtol={rtol:g}; the second callable is not the adjoint of the first"
        )
    return error


def gradient_check(loss, gradient, x, rtol=1e-6):
    """Return the largest error of a gradient beside central differences, relative to their largest entry.

    Shapes: loss takes x, which is real, to one number; gradient is an array like x, or a callable that gives
    one.
    Formula: ``(loss(x + h e) - loss(x - h e)) / 2h`` for each entry, e being 1 there and 0 elsewhere.
    Errors: AssertionError that names the worst entry if its error exceeds rtol; ValueError for another shape.

    >>> gradient_check(lambda x: (x**3).sum(), lambda x: 3 * x**2, [1.0, 2.0, 3.0]) < 1e-8
    True
    >>> gradient_check(lambda x: (x**3).sum(), lambda x: 2 * x**2, [1.0, 2.0, 3.0])
    Traceback (most recent call last):
    AssertionError: the gradient must equal the slope of the loss: got 18 where ... give 27 at (2,)...
    """
    x = np.array(x, dtype=float)
    _shaped("loss", loss(x), like=np.zeros(()), way_out="sum it to one number")
    given = _shaped("gradient", gradient(x) if callable(gradient) else gradient, x)
    slope = np.empty_like(x)
    for entry in np.ndindex(x.shape):
        h = np.finfo(float).eps ** (1 / 3) * max(1.0, abs(x[entry]))
        up, down = x.copy(), x.copy()
        up[entry] += h
        down[entry] -= h
        slope[entry] = (loss(up) - loss(down)) / (up[entry] - down[entry])
    return _compare(
        given,
        slope,
        rtol,
        rule="the gradient must equal the slope of the loss",
        got="got {} where differences give {} at {}",
        way_out="check that entry by hand",
    )


def agree(views, *inputs, rtol=1e-10):
    """Return the largest error of all views beside the first, relative to its largest entry.

    Shapes: views, ``{name: callable}``, are each called on the same inputs; their results are shaped alike.
    Formula: ``max |view(*inputs) - first(*inputs)| / max |first(*inputs)|``.
    Errors: AssertionError that names the view that differs by more than rtol, and where; ValueError if there
    are fewer than two views or a shape differs.

    >>> agree({"loop": lambda x: [2 * v for v in x], "NumPy": lambda x: np.multiply(2, x)}, [1, 2, 3])
    0.0
    >>> agree({"double": lambda x: np.multiply(2, x), "square": np.square}, [2, 3])
    Traceback (most recent call last):
    AssertionError: square must agree with double: got 9 against 6 at (1,), off by 0.5...
    """
    if len(views) < 2:
        raise ValueError(f"agree must compare at least two views: got {len(views)}; give {{name: callable}}")
    (first, view), *others = views.items()
    expected = np.asarray(view(*inputs))
    return max(
        _compare(
            _shaped(name, view(*inputs), expected),
            expected,
            rtol,
            rule=f"{name} must agree with {first}",
            got="got {} against {} at {}",
            way_out="one of the two is wrong",
        )
        for name, view in others
    )


def refusal(call):
    """Return the sentence with which a call, a function of nothing, refuses its input, in lines of 72.

    Errors: AssertionError if the call raises no ValueError, TypeError or AssertionError.

    >>> from tconv_helpers import conv
    >>> print(refusal(lambda: conv([1, 2], [1, 2, 3])))
    the kernel must fit into the padded input: got a kernel that spans 3 samples ... over 2 ...
    >>> print(refusal(lambda: refusal(lambda: conv([1, 2, 3], [1, 2]))))
    the call must be refused: got array([5, 8]); give it an input that breaks the rule
    """
    try:
        result = call()
    except (ValueError, TypeError, AssertionError) as error:
        return in_lines(str(error), 72)
    raise AssertionError(f"the call must be refused: got {result!r}; give it an input that breaks the rule")


def _compare(given, expected, rtol, *, rule, got, way_out):
    """Return the largest difference, relative to the largest expected entry; AssertionError beyond rtol."""
    if given.size == 0:
        return 0.0
    given, expected = (np.asarray(each, np.result_type(each, float)) for each in (given, expected))
    with np.errstate(invalid="ignore"):  # inf - inf is nan, which no rtol admits
        difference = abs(given - expected)
        scale = abs(expected).max() or 1.0
        worst = tuple(int(i) for i in np.unravel_index(np.argmax(difference), given.shape))
        error = float(difference[worst] / scale)
    if not error <= rtol:
        values = got.format(f"{given[worst]:.6g}", f"{expected[worst]:.6g}", worst)
        raise AssertionError(
            f"{rule}: {values}, off by {error:.2g} of the largest entry, above rtol={rtol:g}; {way_out}"
        )
    return error


def _shaped(name, value, like, way_out="check its sizes and output_padding"):
    """Return value as an array; ValueError unless it has the shape of ``like``."""
    value = np.asarray(value)
    if value.shape != like.shape:
        raise ValueError(f"{name} must return shape {like.shape}: got {value.shape}; {way_out}")
    return value


def _normal(rng, shape, dtype):
    """Return normal draws of a real or complex dtype."""
    values = rng.standard_normal(shape)
    if np.issubdtype(dtype, np.complexfloating):
        values = values + 1j * rng.standard_normal(shape)
    return np.asarray(values, dtype=dtype)
