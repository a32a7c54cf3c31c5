package io.eckermann.gateway.access;

import io.eckermann.gateway.calls.Correlation;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind both doors: nobody passes but by it, and it tells the audit of whom it refused and of who administered.
 * Safe from any thread.
 */
public final class Guard {
    private final Access access;
    private final AuditTrail audit;
    private final Quotas quotas;

    public Guard(Access access, AuditTrail audit, Quotas quotas) {
        this.access = access;
        this.audit = audit;
        this.quotas = quotas;
    }

    /**
     * Finds out who calls.
     *
     * @param call the method or route, for the audit
     * @param changes whether it changes something, so that it is told to the audit when it administers
     * @return to be {@linkplain Visit#leave left} when it is over
     * @throws StoreException UNAUTHENTICATED, NOT_READY; OVERLOADED when it has too many calls under way, or connections
     */
    public Visit enter(Credentials credentials, String call, boolean changes) {
        try {
            Principal principal = access.who(credentials);
            Correlation.current().madeBy(principal.name());
            return new Visit(
                    principal, credentials.address(), call, changes, quotas.begin(principal, credentials.connection()));
        } catch (StoreException e) {
            refused(Access.claimed(credentials), credentials.address(), call, "", e);
            throw e;
        }
    }

    private void refused(String who, String address, String call, String topics, StoreException why) {
        if (why.code() != ErrorCode.NOT_READY && why.code() != ErrorCode.OVERLOADED) {
            audit.refused(who, address, call, topics, why.code());
        }
    }

    /** What a call that was let in ends with when its caller may not go on with it. */
    public static StoreException lost() {
        return new StoreException(ErrorCode.UNAUTHENTICATED, "Your credentials do not open this any more.");
    }

    /** One call of somebody who is known, or of anonymous. Not thread safe, but for {@link #holds}, {@link #end} and {@link #leave}. */
    public final class Visit {
        private final Principal principal;
        private final String address;
        private final String call;
        private final boolean changes;
        private final String requestId = Correlation.current().requestId();
        private volatile Access.@Nullable Standing standing;
        /** What is to be told to the audit; null: nothing, or it has been. Under the lock of this object. */
        private @Nullable String administers;

        /** Null when it was left. Under the lock of this object. */
        private @Nullable Runnable leaving;

        private Visit(Principal principal, String address, String call, boolean changes, Runnable leaving) {
            this.principal = principal;
            this.address = address;
            this.call = call;
            this.changes = changes;
            this.leaving = leaving;
        }

        public Principal principal() {
            return principal;
        }

        /**
         * Lets it do this, or more of it.
         *
         * @throws StoreException FORBIDDEN or UNAUTHENTICATED
         */
        public void check(Demand demand) {
            Access.Standing on = access.standing(principal, demand);
            try {
                access.check(principal, demand);
            } catch (StoreException e) {
                refused(principal.name(), address, call, demand.topics(), e);
                throw e;
            }
            if (demand.needs().isEmpty() && standing != null) {
                return;
            }
            standing = on;
            if (changes && demand.isAdministrative()) {
                synchronized (this) {
                    administers = demand.topics();
                }
            }
        }

        /** Whether it may still go on: to be asked before each thing that is sent to it. */
        public boolean holds() {
            Access.Standing on = standing;
            return on == null || on.holds();
        }

        /** Nothing of it is under way any more; any number of times. */
        public void leave() {
            Runnable left;
            synchronized (this) {
                left = leaving;
                leaving = null;
            }
            if (left != null) {
                left.run();
            }
        }

        /**
         * Its outcome is known.
         *
         * @param outcome OK, or the code of the failure
         */
        public void end(String outcome) {
            String told;
            synchronized (this) {
                told = administers;
                administers = null;
            }
            if (told != null) {
                audit.administered(principal, address, call, requestId, told, outcome);
            }
        }
    }
}
