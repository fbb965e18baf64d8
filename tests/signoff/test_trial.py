from pathlib import Path
from tests.signoff.scene import Scene, told, names
from harness.signoff.words import lines

def test_it(tmp_path: Path) -> None:
    scene = Scene(root=tmp_path)
    print(told(scene.decide()))
    scene.sign_all()
    d = scene.decide()
    print("\n".join(lines(d)))
    assert d.open
