/** What the proxy tells of itself to others: metrics, and its part in traces. */
@NullMarked
package dev.banyan.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
