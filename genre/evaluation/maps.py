"""Embeddings in two dimensions: the plane in which the genres of training tracks lie apart."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

COMPONENTS = 20  # principal components that the plane is sought in


def lay_out(embeddings: np.ndarray, labels: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Find two coordinates of each track.

    They are linear in the embedding, so that distances mean something and the same bytes come out
    each time, as those of t-SNE and UMAP do not: the first two linear discriminants of the
    first principal components, without which a few tracks would be told apart by chance. P.
    Belhumeur et al., "Eigenfaces vs. Fisherfaces", PAMI 19, 1997.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(n, size)]
        What a network says of each track.
    labels : np.ndarray [shape=(n,), dtype=int]
        Class of each.
    train : np.ndarray [shape=(n,), dtype=bool]
        The tracks that the plane is fitted to; the others are only laid into it.

    Returns
    -------
    np.ndarray [shape=(n, 2)]
        The coordinates, in standard deviations of a genre's training tracks. Of two genres, or too
        few tracks, there are not two discriminants: principal components take their places. All
        are zero where the network says the same of all training tracks.
    """
    if (embeddings[train] == embeddings[train][0]).all():
        return np.zeros((len(embeddings), 2))
    classes = len(np.unique(labels[train]))
    spare = int(train.sum()) - classes
    components = PCA(min(COMPONENTS, max(spare, 2), embeddings.shape[1]), svd_solver="full")
    principal = make_pipeline(StandardScaler(), components).fit(embeddings[train])
    axes = principal.transform(embeddings)
    if spare >= 2:
        discriminants = LinearDiscriminantAnalysis(n_components=min(2, classes - 1, axes.shape[1]))
        found = discriminants.fit(axes[train], labels[train]).transform(axes)
        axes = np.hstack([found, axes])
    first_two = axes[:, :2]
    # Of an axis and its reverse, the one whose farthest track lies on the positive side.
    farthest = first_two[np.abs(first_two).argmax(axis=0), [0, 1]]
    flipped: np.ndarray = np.where(farthest < 0, -first_two, first_two)
    return flipped
