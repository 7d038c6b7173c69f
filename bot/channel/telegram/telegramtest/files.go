package telegramtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/gif"  // photos of this kind are read
	_ "image/jpeg" // and of this
	_ "image/png"  // and of this
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// The most bytes of files.
const (
	maxPhoto     = 10 << 20
	maxDocument  = 50 << 20
	maxDownload  = 20 << 20
	maxPhotoURL  = 5 << 20
	linkLife     = time.Hour
	longestSides = 10_000 // width and height of a photo together
	widestRatio  = 20
)

// fileKind is what a file was sent as; it can be sent again only as that.
type fileKind string

const (
	photoKind    fileKind = "photo"
	documentKind fileKind = "document"
)

// label is the kind in the server's messages.
func (k fileKind) label() string { return strings.ToUpper(string(k[:1])) + string(k[1:]) }

type file struct {
	id, unique    string
	kind          fileKind
	name, mime    string
	bytes         []byte
	width, height int
	until         time.Time // the link to it works until then
}

// path is where the file can be got.
func (f *file) path() string {
	return string(f.kind) + "s/file_" + f.unique + path.Ext(f.name)
}

// carry makes a message carry a file.
func (p *post) carry(f *file) {
	p.file = f
	if f.kind == photoKind {
		p.msg.Photo = []photoSize{{FileID: f.id, UniqueID: f.unique, Width: f.width, Height: f.height, Size: len(f.bytes)}}
		if f.width > 90 {
			small := photoSize{FileID: f.id + "s", UniqueID: f.unique + "s", Width: 90, Height: max(f.height*90/f.width, 1), Size: len(f.bytes)/10 + 1}
			p.msg.Photo = append([]photoSize{small}, p.msg.Photo...)
		}
		return
	}
	p.msg.Document = &document{FileID: f.id, UniqueID: f.unique, Name: f.name, MIME: f.mime, Size: len(f.bytes)}
}

// fileOf finds the file that a request sends: uploaded with it, known by its
// id, or to be got from a URL.
func (s *Server) fileOf(ctx context.Context, r *request, kind fileKind, field, value string) (*file, *apiError) {
	if attached, ok := strings.CutPrefix(value, "attach://"); ok {
		field, value = attached, ""
	}
	if up, ok := r.files[field]; ok {
		return s.keep(kind, up)
	}
	switch {
	case value == "":
		return nil, refused(400, "there is no "+string(kind)+" in the request")
	case strings.Contains(value, "://"):
		return s.fetch(ctx, kind, value)
	}
	f := s.files[value]
	switch {
	case f == nil:
		return nil, refused(400, "wrong file identifier/HTTP URL specified")
	case f.kind != kind:
		return nil, refused(400, fmt.Sprintf("can't use file of type %s as %s", f.kind.label(), kind.label())).rudely(r.method + ": a file_id of another kind of file")
	}
	return f, nil
}

// keep checks an uploaded file and gives it an id of this bot.
func (s *Server) keep(kind fileKind, up upload) (*file, *apiError) {
	size := len(up.bytes)
	most := maxDocument
	if kind == photoKind {
		most = maxPhoto
	}
	switch {
	case size == 0:
		return nil, refused(400, "file must be non-empty")
	case size > maxDocument:
		return nil, asIs(413, "Request Entity Too Large").rudely(fmt.Sprintf("a file of %d bytes, more than %d", size, maxDocument))
	case size > most:
		return nil, refused(400, fmt.Sprintf("file of size %d bytes is too big for a photo; the maximum size is %d bytes", size, most)).
			rudely(fmt.Sprintf("a photo of %d bytes, more than %d", size, most))
	}
	f := &file{kind: kind, name: path.Base(up.name), mime: up.mime, bytes: up.bytes}
	if kind == photoKind {
		f.name, f.mime = "photo.jpg", http.DetectContentType(up.bytes)
		config, _, err := image.DecodeConfig(bytes.NewReader(up.bytes))
		if err != nil {
			return nil, refused(400, "IMAGE_PROCESS_FAILED")
		}
		f.width, f.height = config.Width, config.Height
		if long, short := max(f.width, f.height), min(f.width, f.height); f.width+f.height > longestSides || short*widestRatio < long {
			return nil, refused(400, "PHOTO_INVALID_DIMENSIONS")
		}
	} else if known := mime.TypeByExtension(path.Ext(f.name)); known != "" {
		f.mime = known
	}
	s.name(f)
	return f, nil
}

// name gives a file its ids: the unique one tells its content, the other is
// new for each file and means nothing to another bot.
func (s *Server) name(f *file) {
	sum := sha256.Sum256(f.bytes)
	f.unique = "AQ" + base64.RawURLEncoding.EncodeToString(sum[:9])
	prefix := map[fileKind]string{photoKind: "AgACAgUAAxkD", documentKind: "BQACAgUAAxkD"}[f.kind]
	own := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", s.bot.ID, s.number(), f.unique))
	f.id = prefix + base64.RawURLEncoding.EncodeToString(own[:30])
	s.files[f.id] = f
}

// fetch gets a file by its URL, by rules stricter than those of uploads.
func (s *Server) fetch(ctx context.Context, kind fileKind, address string) (*file, *apiError) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, refused(400, "wrong HTTP URL specified")
	}
	if s.opts.Fetch == nil {
		return nil, refused(400, "failed to get HTTP URL content")
	}
	s.mu.Unlock()
	kindOfContent, content, err := s.opts.Fetch(ctx, address)
	s.mu.Lock()
	most, fits := maxDownload, kindOfContent == "application/pdf" || kindOfContent == "application/zip"
	if kind == photoKind {
		most, fits = maxPhotoURL, strings.HasPrefix(kindOfContent, "image/")
	}
	switch {
	case err != nil || len(content) > most:
		return nil, refused(400, "failed to get HTTP URL content")
	case !fits:
		return nil, refused(400, "wrong type of the web page content")
	}
	return s.keep(kind, upload{name: path.Base(u.Path), mime: kindOfContent, bytes: content})
}

func (s *Server) getFile(_ context.Context, r *request) (any, *apiError) {
	id := r.get("file_id")
	f := s.files[strings.TrimSuffix(id, "s")]
	if s.files[id] != nil {
		f = s.files[id]
	}
	switch {
	case id == "":
		return nil, refused(400, "file_id not specified")
	case f == nil:
		return nil, refused(400, "wrong file_id or the file is temporarily unavailable")
	case len(f.bytes) > maxDownload:
		return nil, refused(400, "file is too big")
	}
	f.until = s.opts.Now().Add(linkLife)
	return map[string]any{"file_id": f.id, "file_unique_id": f.unique, "file_size": len(f.bytes), "file_path": f.path()}, nil
}

// serveFile hands out what getFile named within the last hour.
func (s *Server) serveFile(w http.ResponseWriter, name string) {
	f := s.linked(name)
	if f == nil {
		writeError(w, asIs(404, "Not Found"))
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", fmt.Sprint(len(f.bytes)))
	_, _ = w.Write(f.bytes) // the bot has hung up when this fails
}

// linked returns the file behind a link that still works; nil: there is none.
func (s *Server) linked(name string) *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.path() == name && s.opts.Now().Before(f.until) {
			return f
		}
	}
	return nil
}
