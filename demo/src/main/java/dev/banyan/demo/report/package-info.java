/** The report: what the clients measured, and a comparison of both databases made without the code under test. */
@NullMarked
package dev.banyan.demo.report;

import org.jspecify.annotations.NullMarked;
