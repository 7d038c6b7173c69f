package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// FileName is the store's file within the data folder.
const FileName = "sachhon.db"

// ErrInUse means that another process owns the file.
var ErrInUse = errors.New("another sachhon is using this data folder; stop it first, or point SACHHON_DATA at another folder")

// lockWait is how long opening waits for another process to let go of the
// file: long enough for one that is just stopping.
const lockWait = 300 * time.Millisecond

// Store is one open file.
type Store struct {
	db      *bolt.DB
	folder  string
	queued  chan struct{} // signalled when outbox rows were committed
	commits atomic.Uint64
	changes *changes
}

// Open opens the store in folder, making both where they are missing, brings
// the file to the present schema and deletes again whoever asked to be
// forgotten but came back with a restored file.
func Open(folder string, log *slog.Logger) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("open store: make data folder: %w", err)
	}
	db, err := bolt.Open(filepath.Join(folder, FileName), 0o600, &bolt.Options{
		Timeout: lockWait, FreelistType: bolt.FreelistMapType, InitialMmapSize: 64 << 20,
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("open store: %w", ErrInUse)
	case err != nil:
		return nil, fmt.Errorf("open store: %s: %w", FileName, err)
	}
	s := &Store{db: db, folder: folder, queued: make(chan struct{}, 1), changes: newChanges()}
	if err := s.migrate(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := s.forgetAgain(log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// Close lets go of the file, after the transactions under way have ended.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Update runs fn in the one write transaction and commits it; when fn returns
// an error or panics nothing is kept. It returns once the commit is on disk. One
// that wrote nothing is not committed, which would cost as much as any other.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &Tx{store: s}
	err := s.db.Update(func(btx *bolt.Tx) error {
		tx.open(btx)
		if err := fn(tx); err != nil {
			return err
		}
		if !wrote(btx) {
			return errUnwritten
		}
		if len(tx.forgotten) == 0 {
			return nil
		}
		return s.noteForgotten(tx.forgotten)
	})
	if errors.Is(err, errUnwritten) {
		return nil
	}
	if err != nil {
		return err
	}
	s.commits.Add(1)
	if tx.queued {
		s.wakeOutbox()
	}
	return nil
}

// wrote says whether a transaction changed anything: bbolt makes nodes of the
// pages that it changes, and of no others.
func wrote(tx *bolt.Tx) bool {
	stats := tx.Stats()
	return stats.GetNodeCount() > 0
}

// Commits counts the write transactions committed since Open, those that wrote
// nothing not among them. Each costs two
// fdatasync: the pages, then the page that makes them count.
func (s *Store) Commits() uint64 { return s.commits.Load() }

// Each calls fn for every row of every bucket: for tests, and for whoever wants
// to see what is kept. What it hands over is valid only within fn.
func (s *Store) Each(ctx context.Context, fn func(bucket string, key, value []byte)) error {
	return s.View(ctx, func(tx *Tx) error {
		for _, b := range buckets {
			cur := tx.tx.Bucket([]byte(b.name)).Cursor()
			for k, v := cur.First(); k != nil; k, v = cur.Next() {
				fn(b.name, k, v)
			}
		}
		return nil
	})
}

// View runs fn in a read transaction: a still picture of the last commit. It
// must not be held across waiting, since it keeps old pages alive.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.db.View(func(btx *bolt.Tx) error {
		tx := &Tx{store: s}
		tx.open(btx)
		return fn(tx)
	})
}

type boltTx = bolt.Tx

// errUndo ends a transaction of [Store.Try], errUnwritten one of [Store.Update]
// that has nothing to keep.
var (
	errUndo      = errors.New("undone on purpose")
	errUnwritten = errors.New("nothing was written")
)

// Try runs fn in the write transaction and undoes everything it wrote.
func (s *Store) Try(ctx context.Context, fn func(*Tx) error) error {
	err := s.Update(ctx, func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

func (s *Store) wakeOutbox() {
	select {
	case s.queued <- struct{}{}:
	default:
	}
}
