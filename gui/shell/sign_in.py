"""Where the workspace has users: name and password, asked until they are right or somebody gives up."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from gui.shell.texts import say_alone
from inspector.errors import StoreError
from inspector.export.isolates import isolate_words
from inspector.roles import MAY, Action, Role

if TYPE_CHECKING:  # carries SQLAlchemy, which the first picture of the window need not wait for
    from inspector.store.workspace import Workspace


class SignIn(QDialog):
    """Signs in at the store.

    Attributes:
        role: of the one who signed in; None = nobody did.
    """

    def __init__(self, store: "Workspace", known: str, parent: QWidget) -> None:
        """Offer a name that is known, "" = none."""
        super().__init__(parent)
        self._store = store
        self.role: Role | None = None
        self.setWindowTitle(self.tr("Sign in"))
        self.name, self.password, self.told = QLineEdit(known), QLineEdit(), QLabel()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.told.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow(self.tr("Name"), self.name)
        layout.addRow(self.tr("Password"), self.password)
        layout.addRow(self.told)
        layout.addRow(buttons)
        self.setMinimumWidth(360)
        (self.password if known else self.name).setFocus()

    @override
    def accept(self) -> None:
        """Sign in; where that fails, say why and stay."""
        from inspector.store.users import NotAllowed

        try:
            self.role = self._store.users.sign_in(self.name.text().strip(), self.password.text()).role
        except NotAllowed:
            self._tell(self.tr("The name or the password is wrong."))
        except StoreError as error:
            self._tell(say_alone(str(error)))
        else:
            super().accept()

    def _tell(self, sentence: str) -> None:
        self.told.setText(sentence)
        self.told.show()
        self.password.clear()
        self.password.setFocus()


def describe_refusal(name: str, role: Role, action: Action) -> str:
    """Return the sentence for who may not do something."""
    told = QCoreApplication.translate("SignIn", "{name} is signed in as {role} and may not do that. Who may: {roles}.")
    return told.format(name=isolate_words(name), role=name_role(role), roles=", ".join(map(name_role, MAY[action])))


def name_role(role: Role) -> str:
    """Return what a role is called."""
    words = {
        "operator": QCoreApplication.translate("SignIn", "operator"),
        "engineer": QCoreApplication.translate("SignIn", "engineer"),
        "auditor": QCoreApplication.translate("SignIn", "auditor"),
    }
    return words[role]
