package store

import (
	"bytes"

	"sachhon/scheduler"
)

// PlannedOf returns all jobs of a kind in the order of their keys: for kinds of
// which there are no more than memory holds with ease.
func (t *Tx) PlannedOf(kind scheduler.Kind) (jobs []scheduler.Job, err error) {
	prefix := appendDueKey(nil, kind, "")
	cur := t.tx.Bucket(bDue).Cursor()
	for k, _ := cur.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		j, ok, err := t.Planned(kind, string(k[len(prefix):]))
		if err != nil {
			return nil, err
		}
		if ok {
			jobs = append(jobs, j)
		}
	}
	return jobs, nil
}
