(ns eckermann.check.nodelogs-test
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is]]
            [eckermann.check.nodelogs :as nodelogs])
  (:import (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(defn- s [seconds] (* seconds 1000000000))

(defn- entry [seconds level said & stack]
  {:node "n1" :line 1 :level level :logger "Some" :said said :stack (seq stack) :time (s seconds)})

(def ^:private fsync-fails {:id "N9" :begin (s 20) :recovered (s 30)})

(defn- judged [faults & entries] (nodelogs/check entries faults (s 5) (s 100)))

(def ^:private failed-write (entry 22 "ERROR" "Failed to flush SegmentedRaftLogOutputStream(log_1)" "java.io.IOException: Input/output error"))

(deftest what-nodes-say-as-a-matter-of-course-is-not-convicted
  (is (true? (:valid? (judged [] (entry 50 "INFO" "It leads, term 3") (entry 50 "WARN" "Not ready: no leader is known")
                              (entry 50 "RAW" "OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader classes"))))))

(deftest error-that-a-fault-explains-is-not-convicted-and-any-other-is
  (is (true? (:valid? (judged [fsync-fails] failed-write))))
  (is (= 1 (:explained (judged [fsync-fails] failed-write))))
  (is (false? (:valid? (judged [] failed-write))))
  (is (false? (:valid? (judged [(assoc fsync-fails :id "N3")] failed-write))) "a kill makes no disk fail")
  (is (true? (:valid? (judged [(assoc fsync-fails :id "N16")] failed-write))) "power is cut while a snapshot is sent")
  (is (false? (:valid? (judged [(assoc fsync-fails :begin (s 50) :recovered (s 60))] failed-write))) "it had not begun yet")
  (is (false? (:valid? (judged [(assoc fsync-fails :begin (s 1) :recovered (s 2))] failed-write))) "it was over")
  (is (= ["n1"] (map :node (:unexplained (judged [] failed-write))))))

(deftest warning-counts-only-with-an-exception
  (let [away (entry 22 "WARN" "Failed appendEntries: StatusRuntimeException: UNAVAILABLE: io exception")
        odd (entry 22 "WARN" "Something went wrong" "java.lang.IllegalStateException: 7")]
    (is (true? (:valid? (judged [{:id "N3" :begin (s 20) :recovered (s 30)}] away))))
    (is (true? (:valid? (judged [{:id "N4" :begin (s 20) :recovered (s 30)}]
                                (entry 22 "WARN" "Stream Error" "Http2Exception$StreamException: Stream closed before write could take place")))))
    (is (false? (:valid? (judged [] away))))
    (is (true? (:valid? (judged [] (assoc away :time (s 1))))) "nodes start one after the other")
    (is (true? (:valid? (judged [] (assoc away :time (s 101))))) "and stop so")
    (is (false? (:valid? (judged [{:id "N3" :begin (s 20) :recovered (s 30)}] odd))))))

(deftest busy-machine-is-an-excuse-for-silence-and-for-nothing-else
  (let [pause (entry 40 "WARN" "JvmPauseMonitor-n2: Detected pause in JVM or host machine approximately 1.2s without any GCs.")
        away (entry 43 "WARN" "Failed appendEntries: StatusRuntimeException: DEADLINE_EXCEEDED")]
    (is (true? (:valid? (judged [] pause away))))
    (is (false? (:valid? (judged [] pause (assoc away :time (s 60))))))
    (is (false? (:valid? (judged [] pause (assoc failed-write :time (s 43))))))))

(deftest answer-that-outruns-the-note-of-its-question-is-no-bug
  (let [said "n2->n1-InstallSnapshotNotification: Failed InstallSnapshot: StatusRuntimeException: CANCELLED: Failed to read message.\\u000a  Caused by: java.lang.NullPointerException: index == null"]
    (is (true? (:valid? (judged [] (entry 22 "WARN" said)))))
    (is (false? (:valid? (judged [] (entry 22 "WARN" "java.lang.NullPointerException: index == null")))))))

(deftest bugs-have-no-excuse
  (doseq [said ["java.lang.AssertionError: nothing is applied twice" "java.lang.OutOfMemoryError: Java heap space"
                "LEAK: ByteBuf.release() was not called before it's garbage-collected."
                "*~*~*~ Previous channel ManagedChannelImpl was garbage collected without being shut down! ~*~*~*"
                "Exception in thread \"follower\" java.lang.IllegalStateException" "A request failed by a bug"]
          level ["ERROR" "WARN" "RAW"]
          :let [{:keys [valid? bugs]} (judged [fsync-fails {:id "N14" :begin 0 :recovered nil}] (entry 22 level said))]]
    (is (false? valid?) said)
    (is (= [(s 22)] (map :time bugs))))
  (is (false? (:valid? (judged [] (entry 22 "ERROR" "A request failed" "java.lang.AssertionError"))))))

(deftest lines-get-the-time-of-the-history-whatever-the-clock-of-the-node-says
  (let [dir (.toFile (Files/createTempDirectory "chaos-logs" (make-array FileAttribute 0)))
        lines ["2026-11-28T14:36:35.907Z INFO  HttpDoor The door listens – on 7\n"
               "1999-01-01T00:00:00.000Z ERROR Disk It can't be written\n" "\tjava.io.IOException: no\n" "\tat A.b\n" "said by the JVM\n"]
        ends (reductions + (map #(count (.getBytes ^String % "UTF-8")) lines))
        samples [{:time (s 6) :n1 {:log-bytes (nth ends 0)}} {:time (s 10) :n1 {:log-bytes (nth ends 0)}} {:time (s 12) :n1 {:log-bytes (nth ends 3)}}]]
    (spit (io/file dir "n1.log") (apply str lines))
    (let [[a b c :as all] (nodelogs/read-logs dir samples (s 99))]
      (is (= 3 (count all)))
      (is (= [(s 6) "INFO" "HttpDoor" "The door listens – on 7"] ((juxt :time :level :logger :said) a)))
      (is (= [(s 11) "ERROR" 2 ["java.io.IOException: no" "at A.b"]] ((juxt :time :level :line :stack) b)))
      (is (= ["RAW" (s 99)] ((juxt :level :time) c)))
      (is (= [[-1000 "n1 ERROR Disk It can't be written | java.io.IOException: no | at A.b"]] (nodelogs/around all (s 12) (s 1) 9)))
      (is (nil? (:time (first (nodelogs/read-logs dir [] (s 99)))))))
    (run! io/delete-file (reverse (file-seq dir)))))
