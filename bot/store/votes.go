package store

import (
	"fmt"

	"sachhon/dialogs/wire"
)

const votesVersion = 1

// CountVote adds to how many people found a tip useful and how many did not;
// negative numbers take back what somebody said before. Who said what is not
// kept here.
func (t *Tx) CountVote(tip string, useful, not int) error {
	u, n, err := t.Votes(tip)
	if err != nil {
		return err
	}
	u, n = max(u+useful, 0), max(n+not, 0)
	v := t.keep(func(b []byte) []byte {
		return wire.AppendUint(wire.AppendUint(append(b, votesVersion), uint64(u)), uint64(n))
	})
	return t.tx.Bucket(bVotes).Put(t.key(tip), v)
}

// Votes returns how many people found a tip useful and how many did not.
func (t *Tx) Votes(tip string) (useful, not int, err error) {
	v := t.tx.Bucket(bVotes).Get([]byte(tip))
	if v == nil {
		return 0, 0, nil
	}
	r, _ := wire.NewReader(v, votesVersion)
	useful, not = int(r.Uint()), int(r.Uint())
	if err := r.Err(); err != nil {
		return 0, 0, fmt.Errorf("read votes of tip %s: %w", tip, err)
	}
	return useful, not, nil
}
