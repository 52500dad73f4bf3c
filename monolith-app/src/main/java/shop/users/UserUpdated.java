package shop.users;

import org.jmolecules.event.annotation.DomainEvent;

/**
 * A user was updated. Events may arrive late, twice and out of order; the revision tells which is the latest.
 *
 * @param revision the user's revision after the update
 */
@DomainEvent
public record UserUpdated(UserId userId, String name, long revision) {}
