package store

import (
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// migration brings a file from one schema to the next, in one transaction.
type migration struct {
	what string
	run  func(tx *bolt.Tx) error
}

// migrations lists every step in order: the schema of a file is how many of
// them it has behind it. Steps are never changed once released, only added.
var migrations = []migration{
	{"make the buckets of the first schema", makeBuckets},
	{"make the buckets of networks, articles, self-checks and broadcasts, and list the addresses that cannot be written to", listShut},
	{"make the bucket of what became of every push, and enter what was sent", keepFates},
}

var schemaKey = []byte("schema")

// migrate runs the steps that the file has not had, each in its own transaction.
func (s *Store) migrate() error {
	var at uint64
	err := s.db.View(func(tx *bolt.Tx) error {
		if b := tx.Bucket(bMeta); b != nil {
			if v := b.Get(schemaKey); len(v) == 8 {
				at = binary.BigEndian.Uint64(v)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("open store: read schema: %w", err)
	}
	if at > uint64(len(migrations)) {
		return fmt.Errorf("open store: %s was written by a newer sachhon (schema %d, this one knows %d); use the newer program", FileName, at, len(migrations))
	}
	for ; at < uint64(len(migrations)); at++ {
		m := migrations[at]
		err := s.db.Update(func(tx *bolt.Tx) error {
			if err := m.run(tx); err != nil {
				return err
			}
			return tx.Bucket(bMeta).Put(schemaKey, binary.BigEndian.AppendUint64(nil, at+1))
		})
		if err != nil {
			return fmt.Errorf("open store: %s: %w", m.what, err)
		}
	}
	return nil
}

func makeBuckets(tx *bolt.Tx) error {
	for _, b := range buckets {
		if _, err := tx.CreateBucketIfNotExists([]byte(b.name)); err != nil {
			return err
		}
	}
	return nil
}

// listShut makes the index of the addresses that cannot be written to.
func listShut(tx *bolt.Tx) error {
	if err := makeBuckets(tx); err != nil {
		return err
	}
	t := &Tx{}
	t.open(tx)
	return t.addresses.ForEach(func(k, _ []byte) error {
		_, blocked, _, err := t.Address(string(k))
		if err != nil || !blocked {
			return err
		}
		return tx.Bucket(bShut).Put(t.key(string(k)), nil)
	})
}
