/**
 * Tests of what deploys a node: the chart rendered by Helm's own library, its objects read strictly, its dashboards and
 * alerts, and the distribution that image and package hold. Nothing in here knows a class of the node.
 */
@NullMarked
package io.eckermann.helm;

import org.jspecify.annotations.NullMarked;
