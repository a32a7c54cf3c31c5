(ns eckermann.check.chain-test
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is]]
            [eckermann.check.chain :as chain])
  (:import (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(def ^:private events (mapv #(str "event " %) (range 1 101)))

(defn- judged [held] (chain/check (sort (keys held)) ["log-1" "log-2"] (fn [node topic] (get-in held [node topic]))))

(def ^:private well (into {} (for [n ["n1" "n2" "n3"]] [n {"log-1" events "log-2" ["a" "b"]}])))

(deftest equal-topics-have-one-head-each
  (let [{:keys [valid? heads topics]} (judged well)]
    (is (true? valid?))
    (is (= 2 topics (count heads)))
    (is (apply not= (vals heads)))))

(deftest the-first-event-that-differs-is-named-with-its-topic-and-who-is-alone
  (doseq [place [0 1 41 98 99]
          :let [{:keys [valid? diverged]} (judged (assoc-in well ["n2" "log-1" place] "flipped"))]]
    (is (false? valid?))
    (is (= [{:topic "log-1" :node "n2" :position (inc place) :holds "flipped" :they-hold (str "event " (inc place)) :agree ["n1" "n3"]}]
           (map #(dissoc % :events :their-events) diverged)))))

(deftest what-differs-later-only-is-not-named-but-an-event-too-few-is
  (is (= [42] (map :position (:diverged (judged (update-in well ["n3" "log-1"] #(assoc % 41 "x" 60 "y")))))))
  (is (= [{:position 100 :holds nil :they-hold "event 100" :events 99}]
         (map #(select-keys % [:position :holds :they-hold :events]) (:diverged (judged (update-in well ["n3" "log-1"] pop))))))
  (is (= [["n1" "log-2" 1]] (map (juxt :node :topic :position) (:diverged (judged (update well "n1" dissoc "log-2")))))))

(deftest nothing-to-compare-shows-nothing
  (is (= :unknown (:valid? (judged {}))))
  (is (= :unknown (:valid? (judged (select-keys well ["n1"]))))))

(deftest files-of-nodes-are-compared-with-all-that-is-in-a-line
  (let [dir (.toFile (Files/createTempDirectory "chaos-chain" (make-array FileAttribute 0)))
        write (fn [node text] (let [f (io/file dir node "log-1.ndjson")] (io/make-parents f) (spit f text)))
        event (fn [recorded] (str "{\"position\":1,\"recorded_ns\":\"" recorded "\",\"data\":7}\n"))]
    (write "n1" (event 5))
    (write "n2" (event 5))
    (is (true? (:valid? (chain/check-dir dir))))
    (write "n2" (event 6))
    (is (= [["log-1" 1]] (map (juxt :topic :position) (:diverged (chain/check-dir dir)))))
    (run! io/delete-file (reverse (file-seq dir)))))
