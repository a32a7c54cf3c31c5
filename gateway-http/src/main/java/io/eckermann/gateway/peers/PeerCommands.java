package io.eckermann.gateway.peers;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.CommandAnswer;
import io.eckermann.protocol.internal.v1.CommandRequest;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Has another node do what operators ask for. */
public final class PeerCommands implements ClusterCommands {
    private final PeerStatus peers;
    private final String nodeId;

    public PeerCommands(PeerStatus peers, String nodeId) {
        this.peers = peers;
        this.nodeId = nodeId;
    }

    @Override
    public CompletableFuture<TransferLeadershipResponse> transfer(TransferLeadershipRequest request, Duration timeout) {
        return command(CommandRequest.newBuilder().setTransfer(request), timeout)
                .thenApply(CommandAnswer::getTransferred);
    }

    @Override
    public CompletableFuture<DrainResponse> drain(DrainRequest request, Duration timeout) {
        return command(CommandRequest.newBuilder().setDrain(request), timeout).thenApply(CommandAnswer::getDrained);
    }

    @Override
    public CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout) {
        return command(CommandRequest.newBuilder().setChange(request), timeout).thenApply(CommandAnswer::getChanged);
    }

    private CompletableFuture<CommandAnswer> command(CommandRequest.Builder request, Duration timeout) {
        return peers.command(nodeId, request.setTimeoutMs(timeout.toMillis()).build(), timeout)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw new StoreException(
                                        ErrorCode.LEADER_CHANGED, "The node that was to do it gave no answer.", failure)
                                .with("node", nodeId);
                    }
                    if (answer.hasProblem()) {
                        throw Problems.decode(answer.getProblem());
                    }
                    return answer;
                });
    }

    /** What this node answers when it is asked for such a thing. */
    static CompletableFuture<CommandAnswer> answer(ClusterCommands own, CommandRequest request) {
        Duration timeout = Duration.ofMillis(request.getTimeoutMs());
        CompletableFuture<CommandAnswer.Builder> done = switch (request.getCommandCase()) {
            case TRANSFER ->
                own.transfer(request.getTransfer(), timeout)
                        .thenApply(answer -> CommandAnswer.newBuilder().setTransferred(answer));
            case DRAIN ->
                own.drain(request.getDrain(), timeout)
                        .thenApply(answer -> CommandAnswer.newBuilder().setDrained(answer));
            case CHANGE ->
                own.change(request.getChange(), timeout)
                        .thenApply(answer -> CommandAnswer.newBuilder().setChanged(answer));
            case COMMAND_NOT_SET ->
                CompletableFuture.failedFuture(
                        new StoreException(ErrorCode.BAD_REQUEST, "The command is of a newer version."));
        };
        return done.exceptionally(
                        failure -> CommandAnswer.newBuilder().setProblem(Problems.encode(Problems.unwrap(failure))))
                .thenApply(CommandAnswer.Builder::build);
    }
}
