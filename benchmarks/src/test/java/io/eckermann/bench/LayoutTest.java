package io.eckermann.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eckermann.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {
    @ArchTest
    static final ArchRule RATIS_IS_FOR_THE_RAW_FIGURES = noClasses()
            .that()
            .resideOutsideOfPackage("io.eckermann.bench.raw..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.ratis..");

    @ArchTest
    static final ArchRule JMH_STAYS_WITH_THE_SMALL_MEASUREMENTS = noClasses()
            .that()
            .resideOutsideOfPackage("io.eckermann.bench.micro..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.openjdk.jmh..");

    /** What is measured as a whole is used as anybody would use it: through its client. */
    @ArchTest
    static final ArchRule ONLY_SMALL_MEASUREMENTS_REACH_INTO_A_NODE = noClasses()
            .that()
            .resideOutsideOfPackages("io.eckermann.bench.micro..", "io.eckermann.bench.raw..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.eckermann.statemachine..",
                    "io.eckermann.raftlog..",
                    "io.eckermann.protocol..",
                    "com.google.protobuf..");

    @ArchTest
    static final ArchRule LOADS_AND_WORKLOADS_DO_NOT_KNOW_WHOM_THEY_MEASURE = noClasses()
            .that()
            .resideInAnyPackage("io.eckermann.bench.load..", "io.eckermann.bench.workload..")
            .and()
            .doNotHaveSimpleName("JsonEvents")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.eckermann.client..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule THE_MACHINE_IS_BELOW_EVERYTHING = classes()
            .that()
            .resideInAPackage("io.eckermann.bench.machine..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.eckermann.bench.machine..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_THINGS_ARE =
            noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)");
}
