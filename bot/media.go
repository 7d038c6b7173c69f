package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sachhon/bot/channel"
	"sachhon/bot/store"
	"sachhon/dialogs"
)

// Media references are "SOURCE:KEY": "file" is a file in the data folder,
// "calendar" the calendar of a registration, "copy" what is kept of a contact,
// "card" and "result" the picture and the document of a self-check. All but the
// first are made when they are opened, so that nothing of them is left behind
// when the contact is deleted.
const (
	refFile     = "file:"
	refCalendar = "calendar:"
	refCopy     = "copy:"
	refLeaflet  = "leaflet:" // leaflet:ID:LANGUAGE:VERSION, a leaflet for printing
	refCard     = "card:"
	refResult   = "result:"
)

// errNoMedia means that an entry carries no such file.
var errNoMedia = fmt.Errorf("no such file in this conversation: %w", fs.ErrNotExist)

// openMedia returns the bytes of a file that an entry of this address carries.
func (b *Bot) openMedia(ctx context.Context, at channel.Address, seq uint64, index int) (m dialogs.Media, body io.ReadCloser, err error) {
	if seq == 0 {
		return m, nil, errNoMedia
	}
	err = b.store.View(ctx, func(tx *store.Tx) error {
		entries, err := tx.Transcript(at.String(), seq-1, 1)
		if seq == 1 {
			entries, err = tx.Transcript(at.String(), 0, 1)
		}
		if err != nil {
			return err
		}
		if len(entries) == 0 || entries[0].Seq != seq || index < 0 || index >= len(entries[0].Message.Media) {
			return errNoMedia
		}
		m = entries[0].Message.Media[index]
		body, err = b.openRef(tx, m.Ref)
		return err
	})
	return m, body, err
}

func (b *Bot) openRef(tx Tx, ref string) (io.ReadCloser, error) {
	if name, ok := strings.CutPrefix(ref, refFile); ok {
		return b.openFile(name)
	}
	if name, _, _ := strings.Cut(ref, ":"); b.opened[name] != nil {
		return b.opened[name](context.Background(), ref)
	}
	if draw, ok, err := b.turns.desk.drawing(tx, ref); ok {
		return &drawn{draw: draw}, err
	}
	raw, err := b.turns.desk.makeMedia(tx, ref)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(raw)), nil
}

func (b *Bot) openFile(name string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(b.mediaFolder(), filepath.Base(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoMedia
	}
	if err != nil {
		return nil, fmt.Errorf("open media: %w", err)
	}
	return f, nil
}

func (b *Bot) mediaFolder() string { return filepath.Join(b.cfg.Data, "media") }

// keepMedia writes an uploaded file into the data folder, under the hash of
// its bytes, and returns it for an input once it is on disk.
func (b *Bot) keepMedia(_ context.Context, name, mime string, r io.Reader) (dialogs.Media, error) {
	if err := os.MkdirAll(b.mediaFolder(), 0o700); err != nil {
		return dialogs.Media{}, fmt.Errorf("keep media: %w", err)
	}
	tmp, err := os.CreateTemp(b.mediaFolder(), "upload-*")
	if err != nil {
		return dialogs.Media{}, fmt.Errorf("keep media: %w", err)
	}
	defer os.Remove(tmp.Name()) // gone already once it was renamed
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(tmp, hash), r)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return dialogs.Media{}, fmt.Errorf("keep media: %w", err)
	}
	key := hex.EncodeToString(hash.Sum(nil)[:16])
	if err := os.Rename(tmp.Name(), filepath.Join(b.mediaFolder(), key)); err != nil {
		return dialogs.Media{}, fmt.Errorf("keep media: %w", err)
	}
	kind := dialogs.Document
	if strings.HasPrefix(mime, "image/") {
		kind = dialogs.Image
	}
	return dialogs.Media{Kind: kind, Name: name, MIME: mime, Size: size, Alt: name, Ref: refFile + key}, nil
}
