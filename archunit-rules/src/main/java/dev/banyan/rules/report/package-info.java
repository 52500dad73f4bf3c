/** What a scan has found, for programs, code hosts and people. */
@NullMarked
package dev.banyan.rules.report;

import org.jspecify.annotations.NullMarked;
