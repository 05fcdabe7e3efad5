"""A new version of the vault's key: ordered by an admin at the broker's command line, made by the broker, once."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.disclosing import As, at_the_broker
from tests.fixtures.broker import Broker
from tre.data.service import keys
from tre.kernel.errors import Conflict, NotPermitted


def test_only_an_admin_rotates_and_one_at_a_time(broker: Broker, as_person: As) -> None:
    for ctx in (at_the_broker(as_person, "gwen"), as_person("farah"), as_person("system:broker")):
        with pytest.raises(NotPermitted):
            keys.order_rotation(ctx)
    assert keys.order_rotation(at_the_broker(as_person, "farah")) == 2
    with pytest.raises(Conflict, match="being made already"):
        keys.order_rotation(at_the_broker(as_person, "farah"))
    broker.work()
    assert keys.order_rotation(at_the_broker(as_person, "farah")) == 3
    assert broker.desk.vault.key_version == 2


def test_a_rotation_whose_record_was_lost_is_done_again_without_a_third_key(
    broker: Broker, as_person: As, sessions: sessionmaker[Session]
) -> None:
    """Killed after the key was made and before that was recorded: the next broker finishes the same version."""
    broker.desk.vault.renew_key(2)
    keys.order_rotation(at_the_broker(as_person, "farah"))
    broker.work()
    assert broker.desk.vault.key_version == 2
    with sessions() as session:
        assert keys.key_version_in_use(session) == 2
