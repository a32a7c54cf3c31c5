package io.eckermann.client;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The rules of this module's packages. */
final class LayoutTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.eckermann.client");

    @Test
    void onlyTheTransportKnowsTheWire() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.eckermann.client.transport..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "io.netty..")
                        .or(describe("gRPC stubs", type -> type.getSimpleName().endsWith("Grpc"))))
                .check(CLASSES);
    }

    @Test
    void theTransportDoesNotKnowTheApi() {
        noClasses()
                .that()
                .resideInAPackage("io.eckermann.client.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.eckermann.client", "io.eckermann.client.cli..")
                .check(CLASSES);
    }

    @Test
    void theApiDoesNotKnowTheCommandLine() {
        noClasses()
                .that()
                .resideInAPackage("io.eckermann.client")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.eckermann.client.cli..")
                .check(CLASSES);
    }

    @Test
    void onlyBackupsKnowTheStoreTheyAreKeptIn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.eckermann.client.cli.backup..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(CLASSES);
    }

    @Test
    void nothingOfTheWireIsVisibleInTheApi() {
        List<String> leaks = new ArrayList<>();
        int seen = 0;
        for (JavaClass type : CLASSES) {
            if (type.getPackageName().equals("io.eckermann.client")
                    && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                seen++;
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    if (visible(unit.getModifiers())) {
                        check(unit.getFullName(), unit.getReturnType(), leaks);
                        unit.getParameterTypes().forEach(parameter -> check(unit.getFullName(), parameter, leaks));
                    }
                }
                for (JavaField field : type.getFields()) {
                    if (visible(field.getModifiers())) {
                        check(field.getFullName(), field.getType(), leaks);
                    }
                }
            }
        }
        Assertions.assertThat(seen).isGreaterThan(15);
        Assertions.assertThat(leaks).isEmpty();
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static void check(String where, JavaType type, List<String> leaks) {
        for (JavaClass raw : type.getAllInvolvedRawTypes()) {
            String name = raw.getPackageName();
            if (name.startsWith("io.grpc")
                    || name.startsWith("io.netty")
                    || name.startsWith("com.google")
                    || name.startsWith("io.eckermann.protocol")
                    || name.startsWith("io.eckermann.client.transport")) {
                leaks.add(where + " shows " + raw.getName());
            }
        }
    }
}
