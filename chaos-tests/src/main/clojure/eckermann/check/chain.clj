(ns eckermann.check.chain
  "A hash chain over each topic as each node holds it: every link is the hash of the one before and of a whole event, with its
  times, keys and bytes. Equal heads are equal topics; where two chains part is the first event that differs, and it is named."
  (:require [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.nio ByteBuffer)
           (java.security MessageDigest)))

(defn- link ^bytes [^MessageDigest digest ^bytes before ^String event]
  (.update digest before)
  (.digest digest (.getBytes event "UTF-8")))

(defn chain
  "The chain of events, each a text: the first bytes of every link, and the last link as it is written."
  [events]
  (let [digest (MessageDigest/getInstance "SHA-256")]
    (loop [before (byte-array 0) links (transient []) [event & more] events]
      (if event
        (let [next (link digest before event)]
          (recur next (conj! links (.getLong (ByteBuffer/wrap next))) more))
        {:links (persistent! links) :head (apply str (map #(format "%02x" %) (take 6 before)))}))))

(defn- parted
  "The first place at which two chains differ, by halves: links that agree have only such before them. Nil when one goes on where
  the other ends."
  [a b]
  (let [n (min (count a) (count b))]
    (loop [low 0 high n]
      (if (= low high)
        (when (< low n) low)
        (let [middle (quot (+ low high) 2)]
          (if (= (nth a middle) (nth b middle)) (recur (inc middle) high) (recur low middle)))))))

(defn- divergence [topic read-events [node {:keys [links]}] [other {others :links}] agree]
  (let [at (or (parted links others) (min (count links) (count others)))
        held (fn [n] (nth (read-events n topic) at nil))]
    {:topic topic :node node :position (inc at) :holds (held node) :agree agree :they-hold (held other)
     :events (count links) :their-events (count others)}))

(defn- judge
  "What of a topic's nodes do not hold what most of them do, or what the longest do when there is no most."
  [nodes read-events topic]
  (let [chains (into (sorted-map) (map (fn [n] [n (chain (read-events n topic))])) nodes)
        alike (sort-by (fn [[head of]] [(- (count of)) (- (count (:links (val (first of))))) head]) (group-by (comp :head val) chains))
        [_ most] (first alike)]
    {:head (some-> most first val :head)
     :diverged (for [[_ of] (rest alike) one of] (divergence topic read-events one (first most) (mapv key most)))}))

(defn check
  "`read-events` gives the events of a node's topic in order, each a text; none when the node has no such topic."
  [nodes topics read-events]
  (let [judged (into (sorted-map) (map (fn [t] [t (judge nodes read-events t)])) topics)
        diverged (vec (mapcat (comp :diverged val) judged))]
    {:valid? (cond (seq diverged) false
                   (or (empty? topics) (< (count nodes) 2)) :unknown
                   :else true)
     :topics (count topics) :nodes (count nodes)
     :heads (into (sorted-map) (map (fn [[t j]] [t (:head j)])) judged)
     :diverged (vec (take 8 diverged))}))

(defn check-dir
  "The same of the files that the nodes left at the end, nN/TOPIC.ndjson."
  [dir]
  (let [nodes (sort (for [^java.io.File d (.listFiles (io/file dir)) :when (and (.isDirectory d) (re-matches #"n\d+" (.getName d)))] (.getName d)))
        topics (sort (distinct (for [n nodes ^java.io.File f (.listFiles (io/file dir n)) :when (str/ends-with? (.getName f) ".ndjson")]
                                 (str/replace (.getName f) #"\.ndjson$" ""))))
        read-events (fn [n t]
                      (let [f (io/file dir n (str t ".ndjson"))]
                        (when (.exists f)
                          (with-open [in (io/reader f)] (into [] (filter #(str/includes? % "\"position\"")) (line-seq in))))))]
    (check nodes topics read-events)))
