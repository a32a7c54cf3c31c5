package io.eckermann.statemachine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;

@AnalyzeClasses(packages = "io.eckermann.statemachine", importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {
    private static final String STORAGE = "io.eckermann.statemachine.storage";
    private static final String TAIL = "io.eckermann.statemachine.tail";
    private static final String ROOT = "io.eckermann.statemachine";

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.eckermann.statemachine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyStorageKnowsRocksDb = noClasses()
            .that()
            .resideOutsideOfPackage(STORAGE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb..");

    @ArchTest
    static final ArchRule noRaftOrNetworkHere = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.ratis..", "io.netty..", "io.grpc..", "java.net..");

    @ArchTest
    static final ArchRule nothingDependsOnTheTimeOfDayOrOnChance = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class);

    @ArchTest
    static final ArchRule onlyTheBacklogHasAThread = noClasses()
            .that()
            .doNotHaveSimpleName("Backlog")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class);

    @ArchTest
    static final ArchRule threadsMeetOnlyAtTheDoor = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, STORAGE, TAIL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent..");

    @ArchTest
    static final ArchRule nothingIteratesInHashOrder = noClasses()
            .should()
            .callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                            com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                                    "keySet|values|entrySet|forEach|iterator|stream"))
                    .and(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                            com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                    JavaClass.Predicates.assignableTo(HashMap.class)
                                            .or(JavaClass.Predicates.assignableTo(HashSet.class))))));

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager");
}
