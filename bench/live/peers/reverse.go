// Go's httputil.ReverseProxy over the backends in turns, with as many idle connections as it may use.
package main

import (
	"net/http"
	"net/http/httputil"
	"os"
	"sync/atomic"
)

func main() {
	backends := os.Args[2:]
	var turn uint64
	transport := &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 256, DisableCompression: true}
	proxy := &httputil.ReverseProxy{Transport: transport, Director: func(request *http.Request) {
		request.URL.Scheme = "http"
		request.URL.Host = "127.0.0.1:" + backends[atomic.AddUint64(&turn, 1)%uint64(len(backends))]
	}}
	http.ListenAndServe("127.0.0.1:"+os.Args[1], proxy)
}
