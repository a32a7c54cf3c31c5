import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.Step;
import java.util.concurrent.CompletionException;

/** Writes one invoice for each order, exactly once: however often it is killed, and however many of it run. */
class Invoices {
    public static void main(String[] endpoints) {
        try (EventStore store = EventStore.connect(endpoints.length == 0 ? "127.0.0.1:7301" : endpoints[0])) {
            store.topics().create("orders").join();
            store.topics().create("invoices").join();
            while (true) {
                try {
                    write(store);
                } catch (CompletionException | EckermannException e) {
                    // The cluster was away too long, or another of these came first. What was done, the cursor says.
                    System.err.println(e.getMessage());
                }
            }
        }
    }

    private static void write(EventStore store) {
        long done = store.cursors().position("billing", "orders").join();
        try (EventStream orders = store.open("orders", ReadOptions.builder().after(done).follow().build())) {
            while (orders.hasNext()) {
                RecordedEvent order = orders.next();
                Event invoice = Event.builder().type("Invoiced").payload("for " + order.event().payloadText()).build();
                store.append(Step.builder()
                                .append("invoices", invoice)
                                .moveCursor("billing", "orders", done, order.position())
                                .build())
                        .join();
                done = order.position();
            }
        }
    }
}
