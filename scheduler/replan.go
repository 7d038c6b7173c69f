package scheduler

import "slices"

// Replan brings what is planned for one event in line with a plan that
// changed: the campaign was edited, the class was moved, or the program starts
// and makes sure. former and present are what the two versions want
// (the same list when only making sure), planned is what stands in the table
// and settled are the keys of what was sent, or was given up for good. It
// returns the jobs to put into the table and the keys to take out.
//
// What was sent is never planned again, also under the new name of a point that
// was renamed. What is wanted, and neither planned nor settled, is planned. A
// job that waits longer than its plan says, because it was postponed, keeps its
// time unless its plan changed. Planning what Replan says and asking again
// changes nothing.
func Replan(former, present []Due, planned []Job, settled []string) (plan []Job, unplan []string) {
	kept := map[string]bool{}
	for i := range present {
		d := &present[i]
		if d.among(settled) {
			continue
		}
		j := d.Job
		if p, ok := d.find(planned); ok && d.unchanged(former) {
			j.At = p.At
			if p.Key == d.Key {
				kept[d.Key] = true
				continue
			}
		}
		plan, kept[d.Key] = append(plan, j), true
	}
	for _, p := range planned {
		if !kept[p.Key] {
			unplan = append(unplan, p.Key)
		}
	}
	return plan, unplan
}

// named says whether key is or was that of d.
func (d *Due) named(key string) bool { return d.Key == key || slices.Contains(d.Was, key) }

func (d *Due) among(keys []string) bool { return slices.ContainsFunc(keys, d.named) }

// find returns the planned job for the same message, the one under the present
// key first.
func (d *Due) find(planned []Job) (Job, bool) {
	for _, key := range append([]string{d.Key}, d.Was...) {
		for _, p := range planned {
			if p.Key == key {
				return p, true
			}
		}
	}
	return Job{}, false
}

// unchanged says whether the former plan wanted it at the same time.
func (d *Due) unchanged(former []Due) bool {
	return slices.ContainsFunc(former, func(o Due) bool {
		return d.named(o.Key) && o.At.Equal(d.At) && o.Deadline.Equal(d.Deadline)
	})
}
