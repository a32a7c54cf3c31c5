package io.eckermann.gateway.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Where things may live in the gateway. */
@AnalyzeClasses(packages = "io.eckermann.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
final class LayoutTest {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.eckermann.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NETTY_IS_FOR_DOORS_AND_FOR_PEERS = noClasses()
            .that()
            .resideOutsideOfPackages("..gateway.http..", "..gateway.grpc..", "..gateway.peers..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule GRPC_IS_FOR_ITS_DOOR_AND_FOR_PEERS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "..gateway.grpc..",
                    "..gateway.peers..",
                    "..gateway.tls..",
                    "..gateway.access..",
                    "..gateway.calls..",
                    "..gateway.node..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.grpc..");

    @ArchTest
    static final ArchRule STORE_AND_RAFT_LIBRARIES_ARE_BELOW =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.rocksdb..", "org.apache.ratis..");

    @ArchTest
    static final ArchRule LOGBACK_IS_FOR_LOG_LINES = noClasses()
            .that()
            .resideOutsideOfPackages("..gateway.logging..", "..gateway.node..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ch.qos.logback..");

    @ArchTest
    static final ArchRule OPENTELEMETRY_IS_FOR_THE_EXPORT_OF_SPANS = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.tracing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule PROMETHEUS_IS_FOR_METRICS = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.prometheus..");

    @ArchTest
    static final ArchRule CEL_IS_FOR_FILTERS = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.cel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cel..");

    @ArchTest
    static final ArchRule TOKENS_ARE_FOR_ACCESS = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.access..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.nimbusds..");

    @ArchTest
    static final ArchRule JSON_SCHEMA_IS_FOR_SCHEMAS = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.networknt..");

    @ArchTest
    static final ArchRule USE_CASES_KNOW_NO_DOOR = noClasses()
            .that()
            .resideInAnyPackage(
                    "..gateway.append..",
                    "..gateway.read..",
                    "..gateway.topics..",
                    "..gateway.schemas..",
                    "..gateway.cel..",
                    "..gateway.cursors..",
                    "..gateway.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..gateway.grpc..", "..gateway.http..", "..gateway.node..");

    @ArchTest
    static final ArchRule ONLY_THE_NODE_PUTS_THINGS_TOGETHER = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.node..")
            .should()
            .callConstructorWhere(new DescribedPredicate<>("another one's handler, log or service is made") {
                @Override
                public boolean test(JavaConstructorCall call) {
                    JavaClass made = call.getTargetOwner();
                    return made.getPackageName().startsWith("io.eckermann")
                            && made.getSimpleName().matches(".+(Handler|Log|Service)")
                            // One constructor may be the short form of another.
                            && !made.equals(call.getOriginOwner());
                }
            });

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_THING_IS =
            noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)");
}
