/** The job that the demo submits; this package alone is the job's jar. */
package io.rustlsjvm.demo.job;
