// Command bare is the least that a server over bbolt can be: a listener, a file,
// a page that answers after a commit. How long it takes to start is what any
// program of the kind takes on this machine.
//
//	bare ADDRESS FOLDER
package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
)

var name = []byte("said")

func main() {
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(address, folder string) error {
	var file atomic.Pointer[bolt.DB]
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		db := file.Load()
		if db == nil {
			http.Error(w, "starting", http.StatusServiceUnavailable)
			return
		}
		err := db.Update(func(tx *bolt.Tx) error { return tx.Bucket(name).Put([]byte(r.URL.Path), []byte("here")) })
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, "chào anh/chị")
	})
	go func() {
		db, err := bolt.Open(filepath.Join(folder, "bare.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, InitialMmapSize: 64 << 20})
		if err == nil {
			err = db.Update(func(tx *bolt.Tx) error {
				_, err := tx.CreateBucketIfNotExists(name)
				return err
			})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		file.Store(db)
	}()
	return http.ListenAndServe(address, nil)
}
