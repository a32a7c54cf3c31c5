/**
 * Webhooks: registering them, and sending their events. Doors and the node's timer call it. A webhook's position, leases
 * and parked events are those of the group behind it, of which only the leader's worker is a member; so what is here holds
 * nothing that must survive. It knows no door: what events look like on the wire, it is given.
 */
@NullMarked
package io.eckermann.gateway.webhooks;

import org.jspecify.annotations.NullMarked;
