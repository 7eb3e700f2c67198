"""Makes reference.json: figures of agreement by other people's code, from seeded data.

    python -m venv v && v/bin/pip install numpy scipy pandas scikit-learn statsmodels nltk
    v/bin/python make-reference.py

Cohen's and weighted kappa with standard errors: statsmodels, values also scikit-learn. Krippendorff's alpha: nltk, with the
ordinal metric written out by its definition. AC1: by hand, its variance by linearisation unit by unit (Gwet 2014, Handbook of
Inter-Rater Reliability, ch. 5), which is another way than the closed form of Gwet (2008). ICC: mean squares of a two-way analysis
of variance by statsmodels, bounds as printed in Shrout & Fleiss (1979, p. 424). CCC: by scale and location shift, as Lin (1989)
has it. Pearson, F quantiles: scipy.
"""
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import nltk
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.formula.api import ols
from statsmodels.stats.inter_rater import cohens_kappa

SEED = 20260301
rng = np.random.default_rng(SEED)


def label_tables():
    for _ in range(12):
        k, n, kept = int(rng.integers(2, 8)), int(rng.integers(30, 900)), rng.uniform(0.2, 0.95)
        shares = rng.dirichlet(np.ones(k) * rng.uniform(0.5, 3))
        a = rng.choice(k, size=n, p=shares)
        b = np.where(rng.random(n) < kept, a, rng.choice(k, size=n))
        table = np.zeros((k, k), int)
        np.add.at(table, (a, b), 1)
        used = (table.sum(0) + table.sum(1)) > 0
        table = table[used][:, used]
        k = len(table)
        a = np.repeat(np.arange(k), table.sum(1))
        b = np.concatenate([np.repeat(np.arange(k), row) for row in table])
        row = {"table": table.tolist()}
        for name, weights in (("kappa", None), ("linear", "linear"), ("quadratic", "quadratic")):
            result = cohens_kappa(table, wt=weights)
            assert abs(result.kappa - cohen_kappa_score(a, b, weights=weights)) < 1e-12
            row[name], row[name + "_se"] = result.kappa, math.sqrt(result.var_kappa)
        pi = (table.sum(0) + table.sum(1)) / (2 * table.sum())
        pe = (pi * (1 - pi)).sum() / (k - 1)
        agreed = (a == b).astype(float)
        ac1 = (agreed.mean() - pe) / (1 - pe)
        unit_pe = ((1 - pi[a]) + (1 - pi[b])) / 2 / (k - 1)
        linear = (agreed - pe) / (1 - pe) - 2 * (1 - ac1) * (unit_pe - pe) / (1 - pe)
        row["ac1"], row["ac1_variance"] = ac1, ((linear - ac1) ** 2).sum() / len(a) ** 2
        data = [(c, i, v) for i, (x, y) in enumerate(zip(a, b)) for c, v in (("A", int(x)), ("B", int(y)))]
        row["alpha"] = AnnotationTask(data=data, distance=binary_distance).alpha()
        yield row


def many_raters():
    for _ in range(8):
        raters, n, k = int(rng.integers(2, 6)), int(rng.integers(10, 60)), int(rng.integers(2, 6))
        missing = rng.uniform(0, 0.4)
        true = rng.integers(1, k + 1, size=n)
        m = np.where(rng.random((raters, n)) < 0.6, true[None, :], rng.integers(1, k + 1, size=(raters, n))).astype(float)
        m[rng.random((raters, n)) < missing] = np.nan
        data = [(str(r), i, int(m[r, i])) for r in range(raters) for i in range(n) if not np.isnan(m[r, i])]
        count = pd.Series([i for _, i, _ in data]).value_counts()
        data = [d for d in data if count[d[1]] > 1]
        values = [d[2] for d in data]
        pooled = {c: values.count(c) for c in range(1, k + 1)}

        def ordinal(c, d):
            low, high = min(c, d), max(c, d)
            return (sum(pooled[g] for g in range(low, high + 1)) - (pooled[low] + pooled[high]) / 2) ** 2

        yield {
            "ratings": [[None if np.isnan(v) else int(v) for v in row] for row in m],
            "nominal": AnnotationTask(data=data, distance=binary_distance).alpha(),
            "ordinal": AnnotationTask(data=data, distance=ordinal).alpha(),
            "interval": AnnotationTask(data=data, distance=interval_distance).alpha(),
        }


def lin(x, y):
    """Lin (1989) by scale shift v, location shift u and C_b; variance of Z as corrected in Lin (2000)."""
    n, r = len(x), np.corrcoef(x, y)[0, 1]
    v = x.std() / y.std()
    u = (x.mean() - y.mean()) / math.sqrt(x.std() * y.std())
    p = r * 2 / (v + 1 / v + u**2)
    variance = (
        (1 - r**2) * p**2 / ((1 - p**2) * r**2)
        + 2 * p**3 * (1 - p) * u**2 / (r * (1 - p**2) ** 2)
        - p**4 * u**4 / (2 * r**2 * (1 - p**2) ** 2)
    ) / (n - 2)
    half = stats.norm.ppf(0.975) * math.sqrt(variance)
    return p, math.tanh(math.atanh(p) - half), math.tanh(math.atanh(p) + half)


def ratings():
    for case in range(6):
        k = 2 if case < 3 else int(rng.integers(3, 6))
        n = int(rng.integers(8, 60))
        base = np.cumsum(rng.normal(size=n)) * 0.2
        noisy = [base * rng.uniform(0.7, 1.2) + rng.normal(0, 0.3) + rng.normal(0, rng.uniform(0.05, 0.6), n) for _ in range(k)]
        m = np.round(np.array(noisy), 4)
        row = {"ratings": m.tolist()}
        if k == 2:
            r = stats.pearsonr(m[0], m[1])
            bounds = r.confidence_interval(0.95)
            s = np.cov(m, bias=True)
            row["pearson"] = [r.statistic, bounds.low, bounds.high]
            row["ccc"] = [*lin(m[0], m[1])]
        frame = pd.DataFrame([(i, j, m[j, i]) for i in range(n) for j in range(k)], columns=["unit", "rater", "y"])
        table = sm.stats.anova_lm(ols("y ~ C(unit) + C(rater)", frame).fit(), typ=2)
        squares = table["sum_sq"] / table["df"]
        bms, jms, ems = squares["C(unit)"], squares["C(rater)"], squares["Residual"]
        icc = (bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n)
        f = jms / ems
        part = n * (1 + (k - 1) * icc) - k * icc
        v = (k - 1) * (n - 1) * (k * icc * f + part) ** 2 / ((n - 1) * k**2 * icc**2 * f**2 + part**2)
        upper, lower = stats.f.ppf(0.975, n - 1, v), stats.f.ppf(0.975, v, n - 1)
        rest = k * jms + (k * n - k - n) * ems
        low = n * (bms - upper * ems) / (upper * rest + n * bms)
        high = n * (lower * bms - ems) / (rest + n * lower * bms)
        row["icc21"] = [icc, low, high]
        row["icc2k"] = [(bms - ems) / (bms + (jms - ems) / n), *(b * k / (1 + b * (k - 1)) for b in (low, high))]
        data = [(str(r), i, float(m[r, i])) for r in range(k) for i in range(n)]
        row["alpha"] = AnnotationTask(data=data, distance=lambda a, b: (a - b) ** 2).alpha()
        yield row


degrees = ((1, 5), (5, 3.7), (40, 12.3), (2000, 1900.5))
versions = ", ".join(f"{m.__name__} {m.__version__}" for m in (np, scipy, sklearn, statsmodels, nltk))
reference = {
    "madeWith": f"{versions}; seed {SEED}; make-reference.py",
    "tables": list(label_tables()),
    "manyRaters": list(many_raters()),
    "ratings": list(ratings()),
    "fQuantiles": [[p, a, b, float(stats.f.ppf(p, a, b))] for p in (0.025, 0.5, 0.975) for a, b in degrees],
}
Path(__file__).with_name("reference.json").write_text(json.dumps(reference) + "\n")
