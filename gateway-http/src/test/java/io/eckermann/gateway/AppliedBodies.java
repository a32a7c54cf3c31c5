package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.command.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bodies of commands that were applied without a log; keeps none. */
public final class AppliedBodies implements BodyLog {
    private final Map<Long, Command> commands = new ConcurrentHashMap<>();

    public void add(long raftIndex, Command command) {
        commands.put(raftIndex, command);
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        List<@Nullable ByteString> bodies = new ArrayList<>();
        for (ChunkAddress at : addresses) {
            Command command = commands.get(at.raftIndex());
            ByteString body =
                    command == null ? null : command.steps().get(at.ordinal()).body();
            bodies.add(body == null ? null : body.substring(at.offset(), at.offset() + at.length()));
        }
        return bodies;
    }

    @Override
    public void keep(long raftIndex) throws IOException {
        throw new IOException("nothing is kept here");
    }
}
